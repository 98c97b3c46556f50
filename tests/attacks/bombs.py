"""Attacks that ask for too much: memory, prints, replies, descriptors, disk, threads."""

from tests.attacks.attack import Attack, in_call

__all__ = ["ATTACKS"]


def _bomb(
    name: str, *lines: str, by: str = "limit", before: str = "", harm: str = "points", since: str = "process"
) -> Attack:
    source = in_call(*lines, "return 2 * x", before=before)
    return Attack(name, "Memory, disk and output bombs", source, harm, by, since)


ATTACKS = (
    _bomb("asks_for_64_gib_in_an_array", "np.ones(1 << 33)"),
    _bomb("asks_for_64_gib_in_a_list", "[0] * (1 << 33)"),
    _bomb("asks_for_memory_bit_by_bit", "a = []", "while True: a.append(bytearray(1 << 24))"),
    _bomb(
        "asks_for_memory_and_catches_the_refusal",
        "a = []",
        "while True:\n    try: a.append(bytearray(1 << 24))\n    except MemoryError: pass",
    ),
    _bomb("maps_memory_without_using_it", "a = [mmap.mmap(-1, 1 << 30) for _ in range(4096)]", before="import mmap"),
    _bomb("maps_memory_while_it_is_read", "None", before="x = bytearray(1 << 33)"),
    _bomb("multiplies_without_an_end", "a = 10 ** (10**10)"),
    _bomb("reads_a_number_without_an_end", "sys.set_int_max_str_digits(0); int('9' * 10**8)"),
    _bomb("compiles_a_bomb", "eval('(' * 10**6)"),
    _bomb("compiles_a_bomb_of_constants", "eval('((((((9,) * 99,) * 99,) * 99,) * 99,) * 99,) * 99')"),
    Attack(
        "imports_a_name_of_100000_parts",
        "Memory, disk and output bombs",
        "import scipy\nfrom " + "a." * 100_000 + "a import b\n",
        "broke",
        "limit",
    ),
    Attack(
        "is_nested_beyond_what_parsers_bear",
        "Memory, disk and output bombs",
        "import scipy\nx = " + "-" * 200_000 + "1\n",
        "broke",
        "limit",
    ),
    _bomb("prints_a_gigabyte", "for _ in range(1 << 20): print('x' * 1023)", by="output cap"),
    _bomb("prints_a_gigabyte_in_one_line", "sys.stdout.write('x' * (1 << 28))", by="output cap"),
    _bomb("prints_below_python", "while True: os.write(1, bytes(1 << 16))", by="output cap"),
    _bomb("prints_to_the_error_stream", "while True: os.write(2, b'x' * (1 << 16))", by="output cap"),
    _bomb("prints_while_it_is_read", "None", before="while True: print('x' * 9999)", by="output cap"),
    _bomb(
        "prints_in_the_background",
        "threading.Thread(target=lambda: [print('x' * 9999) for _ in range(10**6)]).start(); time.sleep(60)",
        before="import threading, time",
        by="output cap",
    ),
    _bomb("replies_with_an_array_of_half_a_gigabyte", "return np.ones(1 << 25)"),
    _bomb("replies_with_a_list_of_ten_million", "return [0] * 10**7"),
    _bomb("replies_with_a_text_of_100_mb", "return 'x' * 10**8"),
    _bomb("replies_with_a_dict_of_a_million", "return dict.fromkeys(range(10**6), 0)"),
    _bomb("replies_with_a_deep_tree", "a = []", "for _ in range(10**5): a = [a]", "return a"),
    _bomb("replies_with_a_broad_tree", "a = [0] * 99", "for _ in range(20): a = [a, a]", "return a"),
    _bomb("replies_with_one_big_array_many_times", "return [np.broadcast_to(1.0, (1000, 1000))] * 1000"),
    _bomb("replies_with_an_array_of_a_petabyte", "return np.broadcast_to(1.0, (1 << 25, 1 << 25))"),
    _bomb("replies_with_a_number_of_a_million_bits", "return 1 << 10**6"),
    _bomb("raises_with_a_text_of_100_mb", "raise ValueError('x' * 10**8)"),
    _bomb(
        "raises_through_a_hundred_thousand_frames",
        "g(50000)",
        before="sys.setrecursionlimit(10**6)\ndef g(n): return g(n - 1) if n else 1 / 0",
    ),
    _bomb("raises_a_class_of_a_million_letters", "raise type('E' * 10**6, (Exception,), {})"),
    _bomb(
        "raises_a_class_of_ten_thousand_parents",
        "c = Exception",
        "for n in range(10**4): c = type(f'E{n}', (c,), {})",
        "raise c",
    ),
    _bomb(
        "raises_a_group_of_groups", "e = ValueError()", "for _ in range(10**5): e = ExceptionGroup('', [e])", "raise e"
    ),
    _bomb(
        "defines_a_million_functions",
        "None",
        before="f_ = lambda x: x\nglobals().update({f'g{n}': f_ for n in range(10**6)})\nprint(f)" + "\n",
    ),
    _bomb(
        "writes_a_file",
        "open('$open/$name', 'w').write('x' * 10**6)",
        by="seccomp, Landlock",
        since="seccomp",
        harm="wrote",
    ),
    _bomb(
        "writes_a_temporary_file",
        "tempfile.TemporaryFile().write(bytes(1 << 20))",
        "print('$foorp'[::-1])",
        before="import tempfile",
        by="limit",
        harm="could",
    ),
    _bomb(
        "makes_a_thousand_folders",
        "for n in range(1000): os.mkdir(f'$open/$name-{n}')",
        by="seccomp, Landlock",
        since="seccomp",
        harm="wrote",
    ),
    _bomb("uses_up_descriptors", "while True: os.dup(0)", by="limit"),
    _bomb(
        "starts_a_thousand_threads",
        "for _ in range(1000): threading.Thread(target=time.sleep, args=[60]).start()",
        before="import threading, time",
        by="seccomp",
        harm="neighbour",
    ),
    _bomb(
        "starts_a_pool",
        "print(multiprocessing.Pool(2).map(abs, [-1]), '$foorp'[::-1])",
        before="import multiprocessing",
        by="seccomp",
        since="seccomp",
        harm="could",
    ),
    _bomb(
        "raises_its_limits",
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))",
        "print('$foorp'[::-1])",
        before="import resource",
        by="limit, seccomp",
        since="user",
        harm="could",
    ),
    _bomb(
        "lowers_its_limits_below_use", "resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))", before="import resource"
    ),
    _bomb(
        "makes_its_own_stack_small",
        "threading.stack_size(1 << 30)",
        "threading.Thread(target=print).start()",
        before="import threading",
    ),
    _bomb(
        "puts_a_signal_stack_in_the_way",
        "libc.sigaltstack(s, None)",
        "ctypes.string_at(0)",
        before="import ctypes, faulthandler\n"
        "faulthandler.enable()\n"
        "libc = ctypes.CDLL(None)\n"
        "s = (ctypes.c_size_t * 3)(8, 0, 1 << 20)",
    ),
    _bomb(
        "collides_hashes",
        "a = {}",
        "for n in range(10**6): a[H()] = 0",
        before="class H:\n    __hash__ = lambda s: 1\n    __eq__ = lambda s, o: False",
    ),
)
