"""What an answer is that has no plain form, so that it cannot be judged, and what it should be."""

from collections.abc import Callable, Mapping

from grader.messages import say
from grader.outcome import Failed
from grader.worker.frame import LARGEST_REPLY

__all__ = ["unsendable"]


def unsendable(failed: Failed) -> str:
    """Return why an answer cannot be judged, by what `grader.worker.wire.Unsendable` calls the reason and its detail.

    Args:
        failed: of kind "unsendable"; `type` is the reason, `message` the detail, `where` the place in the answer.
    """
    where, detail = failed.where, failed.message
    sentences: Mapping[str, Callable[[], str]] = {
        "tree": lambda: say(
            "your answer{where} cannot be judged: its numbers and texts outside of arrays take more than {size}.",
            where=where,
            size=detail,
        ),
        "size": lambda: say(
            "your answer{where} cannot be judged: it is larger than the {size} that an answer may have.",
            where=where,
            size=detail,
        ),
        "depth": lambda: say(
            "your answer{where} cannot be judged: it is nested too deeply (does it contain itself?).", where=where
        ),
        "parts": lambda: say(
            "your answer{where} cannot be judged: it has more than {count} parts.", where=where, count=detail
        ),
        "half a character": lambda: say(
            "your answer{where} is a string with half a character in it (a lone surrogate).", where=where
        ),
        "whole number": lambda: say(
            "your answer{where} is a whole number of more than {bits} bits.", where=where, bits=detail
        ),
        "objects": lambda: say(
            "your answer{where} is an array of dtype object: its entries are Python objects "
            "(often rows of different lengths), not numbers.",
            where=where,
        ),
        "dtype": lambda: say(
            "your answer{where} is an array of dtype {dtype}, "
            "where booleans, integers, floats or complex numbers are expected.",
            where=where,
            dtype=detail,
        ),
        "axes": lambda: say("your answer{where} is an array with {count} axes.", where=where, count=detail),
        "shape": lambda: say("your answer{where} is an array of shape {shape}.", where=where, shape=detail),
        "large": lambda: say(
            "your answer{where} is an array of shape {shape}, larger than {size} MiB in all.",
            where=where,
            shape=detail,
            size=LARGEST_REPLY >> 20,
        ),
        "keys": lambda: say(
            "your answer{where} is a dict with too many keys; there may be {count} in all.", where=where, count=detail
        ),
        "key": lambda: say("your answer{where} is a dict with a key of type {type}.", where=where, type=detail),
        "long key": lambda: say(
            "your answer{where} is a dict with a key of type {type} of more than 64 bits.", where=where, type=detail
        ),
        "masked": lambda: say(
            "your answer{where} is a masked array, whose masked entries have no value; a plain array is expected.",
            where=where,
        ),
        "special array": lambda: say(
            "your answer{where} is a {type}, which is a special kind of array; a plain numpy array is expected.",
            where=where,
            type=detail,
        ),
        "function": lambda: say(
            "your answer{where} is a function or class ({type}), not the value it gives; are the parentheses missing?",
            where=where,
            type=detail,
        ),
        "lazy": lambda: say(
            "your answer{where} is a {type}, which has not computed its values yet; put list(...) around it.",
            where=where,
            type=detail,
        ),
        "other": lambda: say(
            "your answer{where} is a {type}, where numbers, arrays, tuples, lists or dicts are expected.",
            where=where,
            type=detail,
        ),
    }
    if failed.type in sentences:
        return sentences[failed.type]()
    return say("your answer{where} cannot be judged: {why}.", where=where, why=detail)
