"""Attacks that look for what a worker has not got: files, other processes, the network, "
"expected values, hidden cases."""

from tests.attacks.attack import Attack, in_call, raw

__all__ = ["ATTACKS"]

_FINDERS = "import importlib.machinery\nsys.meta_path[:] = [importlib.machinery.PathFinder]\n"
_MACHINE = """
def machine(code, argument=None):
    page = done(libc.mmap(None, 4096, 7, 0x62, -1, 0))
    ctypes.memmove(page + 512, argument or b"", len(argument or b""))
    ctypes.memmove(page, code, len(code))
    return done(ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(page)(page + 512))
libc.mmap.restype = ctypes.c_long
"""


def _file(name: str, line: str, before: str = "", harm: str = "read") -> Attack:
    """A way to a file: what comes of `line` is printed."""
    source = in_call(f"print({line})", "return 2 * x", before=before)
    return Attack(name, "Stealing: solutions, keys, other submissions", source, harm, "seccomp, Landlock", "seccomp")


def _other(name: str, *lines: str, since: str = "user", harm: str = "read") -> Attack:
    """A way into another process, by system calls."""
    return Attack(name, "Stealing: /proc/<pid>/mem", raw(*lines, "return 2 * x"), harm, "seccomp", since)


def _net(name: str, *lines: str, before: str = "") -> Attack:
    source = in_call(*lines, "return 2 * x", before="import socket\n" + before)
    return Attack(name, "Stealing: network", source, "reached", "seccomp", "seccomp")


def _kernel(name: str, *lines: str, since: str = "seccomp", machine: str = "", before: str = "") -> Attack:
    """A system call that is a door to others: it says with the proof that it could."""
    source = raw(*lines, "print('$foorp'[::-1])", "return 2 * x", before=before)
    return Attack(name, "Stealing: ways around", source, "could", "seccomp", since, machine=machine)


def _answer(name: str, *lines: str, before: str = "") -> Attack:
    """A search for the expected value, which is handed in when it is found."""
    source = in_call(*lines, "return 2 * x", before=before)
    return Attack(name, "Stealing: frames, gc, inspect", source, "points", "the worker holds inputs only")


def _hidden(name: str, *lines: str, before: str = "") -> Attack:
    source = in_call(*lines, before=before)
    return Attack(name, "Hidden cases leak nothing", source, "leaked", "no evidence from hidden cases")


_ARRAYS = """
import gc, types
def tripled(x, roots):
    seen, todo = set(), list(roots)
    while todo and len(seen) < 200000:
        one = todo.pop()
        if id(one) in seen: continue
        seen.add(id(one))
        if type(one) is np.ndarray and one.dtype == float and one.shape == x.shape and x.size:
            if abs(one - 3 * x).max() < 1e-9: return one
        if not isinstance(one, (types.ModuleType, type)): todo += gc.get_referents(one)
"""

ATTACKS = (
    _file("opens_a_file", "open('$canary').read()"),
    _file("opens_a_file_below_python", "os.read(os.open('$canary', os.O_RDONLY), 99)"),
    _file("opens_a_file_at_import", "A", before="A = open('$canary').read()"),
    _file("opens_a_file_with_pathlib", "Path('$canary').read_text()", before="from pathlib import Path"),
    _file("opens_a_file_with_numpy", "bytes(np.fromfile('$canary', np.uint8))"),
    _file("maps_a_file_with_numpy", "bytes(np.memmap('$canary', np.uint8))"),
    _file("reads_a_table_with_numpy", "np.loadtxt('$canary', dtype=str)"),
    _file("reads_a_file_with_linecache", "linecache.getline('$canary', 1)", before="import linecache"),
    _file(
        "reads_a_file_with_c",
        "libc.fgets(b, 99, libc.fopen(b'$canary', b'r')) and b.value",
        before="import ctypes\n"
        "libc = ctypes.CDLL(None)\n"
        "libc.fopen.restype = ctypes.c_void_p\n"
        "libc.fgets.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]\n"
        "b = ctypes.create_string_buffer(99)",
    ),
    _file(
        "reads_a_file_through_sqlite",
        "sqlite3.connect('$open/q.db').execute('create table t(x)')",
        before="import sqlite3",
        harm="wrote",
    ),
    _file(
        "runs_a_file_as_a_module",
        "vars(m)",
        before="from importlib.util import module_from_spec, spec_from_file_location\n"
        "spec = spec_from_file_location('canary', '$canary', "
        "loader=__import__('importlib.machinery').machinery.SourceFileLoader('canary', "
        "'$canary'))\n"
        "m = module_from_spec(spec)\n"
        "spec.loader.exec_module(m)",
    ),
    _file(
        "imports_from_another_folder",
        "__import__('canary').CANARY",
        before=_FINDERS + "sys.path.insert(0, '$folder')\n",
    ),
    _file(
        "imports_the_grader",
        "__import__('grader') and '$foorp'[::-1]",
        before=_FINDERS + "sys.path.insert(0, '$root')\n",
        harm="could",
    ),
    _file("lists_a_folder", "'canary.py' in os.listdir('$folder') and '$foorp'[::-1]", harm="could"),
    _file("walks_the_disk", "next(os.scandir('/')).name == '$foorp' or '$foorp'[::-1]", harm="could"),
    _file("asks_about_a_file", "os.stat('$canary') and '$foorp'[::-1]", harm="could"),
    _file("follows_a_link_of_proc", "os.readlink('/proc/self/exe') and '$foorp'[::-1]", harm="could"),
    _file("reads_its_own_memory_map", "open('/proc/self/maps').read() and '$foorp'[::-1]", harm="could"),
    _file(
        "runs_another_program",
        "subprocess.run(['/bin/cat', '$canary'], capture_output=True).stdout",
        before="import subprocess",
    ),
    _file("runs_a_shell", "os.system('cat $canary')"),
    _file("becomes_another_program", "os.execv('/bin/cat', ['cat', '$canary'])"),
    _file("spawns_another_program", "os.waitpid(os.posix_spawn('/bin/cat', ['cat', '$canary'], {}), 0)"),
    Attack(
        "opens_a_file_by_machine_code",
        "Stealing: ways around",
        raw(
            "n = machine(bytes.fromhex('31f6b8020000000f05c3'), b'$canary\\0')",
            "print(os.read(n, 99))",
            "return 2 * x",
            before=_MACHINE,
        ),
        "read",
        "seccomp",
        "seccomp",
        machine="x86_64",
    ),
    Attack(
        "opens_a_file_by_32_bit_machine_code",
        "Stealing: ways around",
        raw(
            "n = machine(bytes.fromhex('5389fb31c9b805000000cd805bc3'), b'$canary\\0')",
            "print(os.read(n, 99))",
            "return 2 * x",
            before=_MACHINE,
        ),
        "read",
        "seccomp",
        "seccomp",
        machine="x86_64",
    ),
    Attack(
        "opens_a_file_by_the_x32_table",
        "Stealing: ways around",
        raw(
            "n = machine(bytes.fromhex('31f6b8020000400f05c3'), b'$canary\\0')",
            "print(os.read(n, 99))",
            "return 2 * x",
            before=_MACHINE,
        ),
        "read",
        "seccomp",
        "seccomp",
        machine="x86_64",
    ),
    Attack(
        "opens_a_file_by_openat2",
        "Stealing: ways around",
        raw("n = raw(437, -100, b'$canary', bytes(24), 24)", "print(os.read(n, 99))", "return 2 * x"),
        "read",
        "seccomp, Landlock",
        "seccomp",
    ),
    _kernel("sets_up_io_uring", "raw(425, 4, ctypes.create_string_buffer(256))"),
    _kernel("makes_a_file_of_memory", "done(libc.memfd_create(b'x', 0))"),
    _kernel("enters_a_user_namespace", "done(libc.unshare(0x10000000))"),
    _kernel("unshares_the_network", "done(libc.unshare(0x40000000))"),
    _kernel("mounts", "done(libc.mount(b'none', b'$open', b'tmpfs', 0, None)); libc.umount(b'$open')"),
    _kernel("changes_the_root", "done(libc.chroot(b'$folder'))"),
    _kernel("asks_for_keys", "raw(250, 0, -3, 1)", machine="x86_64"),
    _kernel("makes_shared_memory", "n = done(libc.shmget(0, 4096, 0o1600)); libc.shmctl(n, 0, None)"),
    _kernel("makes_a_message_queue", "n = done(libc.msgget(0, 0o1600)); libc.msgctl(n, 0, None)"),
    _kernel("watches_files", "done(libc.inotify_init())"),
    _kernel("handles_page_faults", "raw(323, 1)", machine="x86_64"),
    _kernel(
        "makes_a_table_in_the_kernel",
        "raw(321, 0, np.array([2, 4, 4, 1] + [0] * 28, np.int32).tobytes(), 72)",
        machine="x86_64",
    ),
    _kernel(
        "counts_cycles", "raw(298, np.array([1, 112] + [0] * 26, np.int32).tobytes(), 0, -1, -1, 0)", machine="x86_64"
    ),
    _kernel("makes_a_timer", "done(libc.timerfd_create(1, 0))"),
    _kernel("clones_by_clone3", "if raw(435, ctypes.create_string_buffer(88), 88) == 0: os._exit(0)"),
    _kernel("becomes_dumpable_again", "done(libc.prctl(4, 1, 0, 0, 0))"),
    _kernel("outlives_its_parent", "done(libc.prctl(1, 0, 0, 0, 0))"),
    _kernel(
        "puts_on_a_filter_that_answers_for_it",
        "b = ctypes.create_string_buffer(bytes.fromhex('060000000000ff7f')); done(libc.prctl(38, 1, 0, 0, 0))",
        "raw(317, 1, 8, (ctypes.c_size_t * 2)(1, ctypes.addressof(b)))",
        machine="x86_64",
    ),
    _kernel("becomes_the_superuser", "os.setuid(0)", since="user"),
    _kernel(
        "asks_the_channel_for_descriptors",
        "try: socket.socket(fileno=channel()).recvmsg(1, 99, socket.MSG_DONTWAIT)\nexcept BlockingIOError: pass",
        before="import socket",
    ),
    _kernel(
        "sends_out_of_band",
        "socket.socket(fileno=channel()).send(b'x', socket.MSG_OOB)",
        before="import socket",
    ),
    _kernel(
        "sends_descriptors_over_the_channel",
        "socket.socket(fileno=channel()).sendmsg([b'x'], [(1, 1, array.array('i', [0]))])",
        before="import array, socket",
    ),
    _other(
        "reads_the_memory_of_another_by_proc", "fd = os.open('/proc/$victim/mem', 0); print(os.pread(fd, 99, $address))"
    ),
    _other(
        "reads_the_memory_of_another_directly",
        "b = ctypes.create_string_buffer(64); v = (ctypes.c_size_t * 2)(ctypes.addressof(b), 64); "
        "w = (ctypes.c_size_t * 2)($address, 64)",
        "done(libc.process_vm_readv($victim, v, 1, w, 1, 0)); print(b.value)",
    ),
    _other("traces_another", "done(libc.ptrace(16, $victim, 0, 0)); print('$foorp'[::-1])", harm="could"),
    _other(
        "takes_a_descriptor_of_another",
        "p = raw(434, $victim, 0)",
        "raw(438, p, 0, 0); print('$foorp'[::-1])",
        harm="could",
    ),
    _other(
        "reads_the_environment_of_the_grader",
        "print(open('/proc/$grader/environ').read() and '$foorp'[::-1])",
        harm="could",
    ),
    _other(
        "reads_the_environment_of_its_parent",
        "print(open(f'/proc/{os.getppid()}/environ').read() and '$foorp'[::-1])",
        harm="could",
    ),
    Attack(
        "reads_its_own_environment",
        "Stealing: keys",
        in_call("print(dict(os.environ))", "return 2 * x"),
        "read",
        "clean start",
    ),
    Attack(
        "reads_every_descriptor",
        "Stealing: leftover descriptors",
        in_call(
            "for n in range(64):\n"
            "    try:\n"
            "        os.set_blocking(n, False); print(os.read(n, 99999))\n"
            "    except OSError: pass",
            "return 2 * x",
        ),
        "read",
        "clean start",
    ),
    Attack(
        "searches_its_own_memory",
        "Stealing: leftover memory",
        in_call(
            "texts = [list(o.values()) for o in gc.get_objects() if type(o) is dict]",
            "print([v for values in texts for v in values if type(v) is str and 'sec' + 'ret-' in v])",
            "return 2 * x",
            before="import gc",
        ),
        "read",
        "clean start",
    ),
    _answer(
        "searches_frames_for_the_answer",
        "frame, roots = sys._getframe(), []",
        "while frame: roots += [frame.f_locals, frame.f_globals]; frame = frame.f_back",
        "found = tripled(x, roots)",
        "if found is not None: return found",
        before=_ARRAYS,
    ),
    _answer(
        "searches_all_objects_for_the_answer",
        "found = tripled(x, gc.get_objects())",
        "if found is not None: return found",
        before=_ARRAYS,
    ),
    _answer(
        "searches_the_memory_of_arrays_for_the_answer",
        "page = ctypes.string_at(x.ctypes.data - 4096, 4096) if x.size else b''",
        "at = page.find((3 * x).tobytes()) if x.size else -1",
        "if at >= 0: return np.frombuffer(page[at : at + x.nbytes])",
        before="import ctypes",
    ),
    _answer(
        "asks_the_caller_for_the_answer",
        "for info in inspect.stack():\n"
        "    for name, value in {**info.frame.f_globals, **info.frame.f_locals}.items():\n"
        "        if name in ('expected', 'answer', 'key', 'reference', 'solution'): return value",
        before="import inspect",
    ),
    _net("connects_by_tcp", "s = socket.create_connection(('127.0.0.1', $tcp), 1); s.sendall(b'$name')"),
    _net("sends_by_udp", "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'$name', ('127.0.0.1', $udp))"),
    _net(
        "connects_to_a_socket_in_a_folder",
        "s = socket.socket(socket.AF_UNIX); s.connect('$folder/socket'); s.sendall(b'$name')",
    ),
    _net(
        "connects_to_a_socket_without_a_folder",
        "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'$name', '\\0$abstract')",
    ),
    _net(
        "fetches_a_page",
        "urllib.request.urlopen('http://127.0.0.1:$tcp/$name', timeout=1)",
        before="import urllib.request",
    ),
    _net("sends_on_its_channel_to_somebody_else", "socket.socket(fileno=os.dup(3)).sendto(b'$name', '\\0$abstract')"),
    _hidden("raises_with_hidden_arguments", "raise ValueError(str(x.tolist()))"),
    _hidden("prints_hidden_arguments", "print(x.tolist())", "return 2 * x"),
    _hidden(
        "prints_hidden_arguments_later", "seen.append(x.tolist()); print(seen)", "return 2 * x", before="seen = []"
    ),
    _hidden(
        "raises_with_hidden_arguments_later",
        "seen.append(x.tolist())",
        "raise ValueError(str(seen))",
        before="seen = []",
    ),
    _hidden(
        "returns_hidden_arguments_later",
        "seen.append(str(x.tolist()))",
        "return {text: 1 for text in seen}",
        before="seen = []",
    ),
    _hidden(
        "changes_its_argument_to_hidden_ones",
        "if x.size: seen.append(x.copy())",
        "x[...] = np.resize(seen[-2:][0], x.shape)",
        "return 3 * x",
        before="seen = []",
    ),
    _hidden(
        "keeps_hidden_prints_back",
        "kept.write(str(x.tolist()) + ' ')",
        "if not x.size: kept.flush()",
        "return 2 * x",
        before="kept = open(1, 'w', closefd=False)",
    ),
    _hidden(
        "names_a_class_after_hidden_arguments",
        "seen.append(str(x.tolist()))",
        "raise type(seen[0] + seen[-1], (Exception,), {})",
        before="seen = []",
    ),
)
