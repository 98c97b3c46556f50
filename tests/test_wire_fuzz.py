"""Damaged messages give plain data or a WireError, and cost no memory; `python -m tests.wire_fuzz` tries a million."""

import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.worker.wire import DTYPES, WireError, decode
from tests import wire_fuzz

steady = settings(derandomize=True, database=None, deadline=None, max_examples=200)
lengths = st.integers(-2, 5) | st.sampled_from([2**31, 2**32, 2**62, 2**63, 10**30])
shapes = st.lists(lengths, max_size=6)
names = st.sampled_from((*DTYPES, "|O", "<U1", "|V8", ">f8", "<M8[s]", "f8", ""))


def test_damaged_messages_give_plain_data_or_a_wire_error_and_cost_no_memory():
    found = wire_fuzz.fuzz(5000, seed=1)

    assert 100 < found["accepted"] < 4000  # neither all noise nor no damage
    assert found["most bytes"] < wire_fuzz.MOST_MEMORY
    assert found["bytes left"] < 1 << 16


@steady
@given(names, shapes, st.binary(max_size=64))
def test_an_array_comes_out_only_where_its_bytes_are_exactly_there(name, shape, raw):
    tree = f'{{"a":["{name}",{shape}]}}'.encode()
    tracemalloc.start()
    try:
        value = decode(struct.pack("<I", len(tree)) + tree + raw, wire_fuzz.LIMITS)
    except WireError:
        value = None
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < 1 << 17
    if value is not None:
        assert value.dtype == np.dtype(name)
        assert value.shape == tuple(shape)
        assert value.nbytes == len(raw)


@steady
@given(st.binary(max_size=200))
def test_any_bytes_give_plain_data_or_a_wire_error(data):
    try:
        value = decode(data, wire_fuzz.LIMITS)
    except WireError:
        return

    assert wire_fuzz._plain(value)


@pytest.mark.parametrize("opened", ['{"l":[', '{"t":[', '{"d":[[', "[", '{"a":', '{"c":['])
@pytest.mark.parametrize("depth", [10, 1000, 100_000])
def test_a_tree_that_is_only_opened_is_refused(opened, depth):
    tree = (opened * depth).encode()[: 1 << 20]

    with pytest.raises(WireError):
        decode(struct.pack("<I", len(tree)) + tree)
