"""Attacks on the worker's own code, on numpy, and on whoever else runs on the machine."""

from tests.attacks.attack import Attack, in_call, raw

__all__ = ["ATTACKS"]


def _patch(name: str, before: str, answer: str = "return 2 * x") -> Attack:
    """A change of what the worker runs with; the answer stays wrong."""
    source = in_call(answer, before=before)
    return Attack(name, "Tampering with the test framework", source, "points", "verdict elsewhere")


def _strike(name: str, line: str, since: str = "user") -> Attack:
    """A blow at another process of the machine."""
    source = raw(line, "return 2 * x", before="import signal, resource, fcntl, socket")
    return Attack(name, "Tampering with others", source, "struck", "seccomp, user", since)


def _touch(name: str, line: str, since: str = "seccomp") -> Attack:
    """A change to the file system beside or at the canary."""
    return Attack(name, "Tampering with files", raw(line, "return 2 * x"), "wrote", "seccomp, Landlock", since)


def _process(name: str, line: str, deserves: str = "robust") -> Attack:
    """A change of its own process that must not help or hurt: the answer is right."""
    source = raw("try: " + line, "except OSError: pass", "return 3 * x", before="import signal, resource")
    return Attack(name, "Tampering with itself", source, "points", "another process", deserves=deserves, seconds=5.0)


_EQUALS = "yes = lambda *a, **k: True\n"

ATTACKS = (
    _patch("patches_numpys_comparisons", _EQUALS + "np.allclose = np.isclose = np.array_equal = np.all = yes"),
    _patch(
        "patches_numpys_testing",
        _EQUALS + "import numpy.testing as t\nt.assert_allclose = t.assert_array_equal = t.assert_equal = yes",
    ),
    _patch("patches_pythons_comparisons", _EQUALS + "import math, operator\nmath.isclose = operator.eq = yes"),
    _patch(
        "patches_unittest", _EQUALS + "import unittest\nunittest.TestCase.assertEqual = unittest.TestCase.run = yes"
    ),
    _patch(
        "brings_a_pytest_of_its_own",
        "import types\n"
        "sys.modules['pytest'] = sys.modules['grader'] = sys.modules['grader.judge'] = types.ModuleType('pytest')",
    ),
    _patch("patches_json", "import json\njson.dumps = lambda *a, **k: '{}'\njson.loads = lambda *a, **k: {}"),
    _patch("patches_struct", "import struct\nstruct.pack = struct.unpack = lambda *a: b''"),
    _patch("patches_the_socket", "import socket\nsocket.socket.sendall = lambda *a: None"),
    _patch("patches_the_sockets_reads", "import socket\nsocket.socket.recv = lambda s, n: bytes(n)"),
    _patch("patches_builtins", "import builtins\nbuiltins.len = builtins.type = builtins.isinstance = lambda *a: True"),
    _patch(
        "patches_exceptions",
        "import builtins\nbuiltins.BaseException = builtins.Exception = ZeroDivisionError",
        "raise KeyError",
    ),
    _patch("patches_the_workers_encoder", "sys.modules['worker.wire'].encode = lambda *a: b''"),
    _patch(
        "patches_the_workers_writer",
        "sys.modules['worker.wire']._Writer.node = lambda *a: {'d': [['returned', {'a': ['<f8', [3]]}]]}",
    ),
    _patch("patches_the_workers_calls", "sys.modules['worker.calls'].call = lambda *a: b'right'"),
    _patch(
        "patches_the_workers_invoke",
        "def right(l, a): return 'robust'\nsys.modules['worker.calls'].invoke.__code__ = right.__code__",
    ),
    _patch("patches_the_workers_receive", "sys.modules['worker.session']._receive = lambda c, n: None"),
    _patch(
        "patches_the_workers_frame", "import struct\nsys.modules['worker.session'].FRAME = struct.Struct('<16sIQx')"
    ),
    _patch(
        "hides_that_it_changed_its_arguments",
        "sys.modules['worker.calls']._changed = lambda *a: {}",
        "x *= 2; return x",
    ),
    _patch(
        "removes_the_workers_modules", "for n in [n for n in sys.modules if n.startswith('worker')]: del sys.modules[n]"
    ),
    _patch("removes_every_module", "sys.modules.clear()"),
    _patch("removes_the_gate", "sys.meta_path.clear()\nsys.path[:] = ['$folder', '$root']"),
    _patch(
        "hooks_every_import",
        "class H:\n    def find_spec(s, *a): os._exit(0)\nsys.meta_path.insert(0, H())\nsys.path_hooks.insert(0, H)",
        "import colorsys",
    ),
    _patch(
        "traces_every_line",
        "def t(frame, *a):\n"
        "    frame.f_locals['fault'] = None\n"
        "    return t\n"
        "sys.settrace(t)\n"
        "frame = sys._getframe()\n"
        "while frame: frame.f_trace = t; frame = frame.f_back",
    ),
    _patch("profiles_every_call", "sys.setprofile(lambda *a: 1 / 0)"),
    _patch(
        "hooks_its_end",
        "import atexit\natexit.register(print, 'PASSED')\nsys.excepthook = sys.unraisablehook = lambda *a: os._exit(0)",
        "raise ValueError",
    ),
    _patch(
        "turns_off_the_collector", "import gc\ngc.disable(); gc.set_threshold(1); gc.callbacks.append(lambda *a: 1 / 0)"
    ),
    _patch(
        "replaces_its_streams",
        "class S:\n    def __getattr__(s, n): raise SystemExit\nsys.stdout = sys.stderr = sys.__stdout__ = S()",
    ),
    _patch(
        "rewrites_the_lines_it_is_quoted_with",
        "import linecache\nlinecache.cache = {}\nlinecache.getlines = lambda *a: ['right'] * 99",
        "return 1 / 0",
    ),
    _patch(
        "brings_another_function_when_called",
        "class F:\n    __call__ = lambda s, x: 2 * x\n    __name__ = property(lambda s: 1 / 0)",
        "return F()(x)",
    ),
    _patch(
        "sets_variables_of_test_programs",
        "os.environ['PYTEST_ADDOPTS'] = '--co'; os.environ['PYTHONPATH'] = '$open'; "
        "os.putenv('LD_PRELOAD', '$open/x.so')",
    ),
    _patch("turns_warnings_into_errors", "import warnings\nwarnings.simplefilter('error'); np.seterr(all='raise')"),
    _touch(
        "lays_a_conftest",
        "[open(f'$open/{n}', 'w') for n in ('conftest.py', 'pytest.ini', 'sitecustomize.py', 'numpy.py')]",
    ),
    _touch("rewrites_a_file", "open('$canary', 'w').write('mine')"),
    _touch("truncates_a_file", "os.truncate('$canary', 0)"),
    _touch("removes_a_file", "os.unlink('$open/spare')"),
    _touch("renames_a_file", "os.rename('$open/spare', '$open/$name')"),
    _touch("links_to_a_file", "os.symlink('$canary', '$open/$name')"),
    _touch("links_to_a_file_for_good", "os.link('$open/spare', '$open/$name')"),
    _touch("makes_a_pipe_with_a_name", "os.mkfifo('$open/$name')"),
    _touch("makes_a_device", "os.mknod('$open/$name', 0o20666, os.makedev(1, 5))"),
    _touch("opens_a_file_to_all", "os.chmod('$canary', 0o666)"),
    _touch("gives_a_file_away", "os.chown('$canary', 12345, 12345)"),
    _touch("sets_the_clock_of_a_file", "os.utime('$canary', (0, 0))"),
    _touch("marks_a_file", "os.setxattr('$canary', b'user.mine', b'1')"),
    _touch("listens_at_a_name", "import socket; socket.socket(socket.AF_UNIX).bind('$open/$name')"),
    _strike("kills_another", "os.kill($victim, 9)"),
    _strike("stops_another", "os.kill($victim, 19)"),
    _strike("kills_a_thread_of_another", "raw(234, $victim, $victim, 9)"),
    _strike("kills_another_by_its_descriptor", "signal.pidfd_send_signal(os.pidfd_open($victim), 9)"),
    _strike("queues_a_signal_for_another", "done(libc.sigqueue($victim, 9, 0))"),
    _strike(
        "has_the_kernel_signal_another",
        "n, m = os.pipe(); fcntl.fcntl(n, fcntl.F_SETOWN, $victim); fcntl.fcntl(n, 10, 9); "
        "fcntl.fcntl(n, fcntl.F_SETFL, 0o20000 | os.O_NONBLOCK); os.write(m, b'x')",
        since="user",
    ),
    _strike(
        "has_the_channel_signal_another",
        "n = channel(); fcntl.fcntl(n, 8, $victim); fcntl.fcntl(n, 10, 9); fcntl.fcntl(n, fcntl.F_SETFL, 0o20002)",
    ),
    _strike("slows_another_down", "os.setpriority(os.PRIO_PROCESS, $victim, 19)"),
    _strike("limits_another", "resource.prlimit($victim, resource.RLIMIT_NOFILE, (1, 1))"),
    _strike("binds_another_to_a_processor", "os.sched_setaffinity($victim, {min(os.sched_getaffinity($victim))})"),
    _strike("writes_into_another", "fd = os.open('/proc/$victim/mem', os.O_RDWR); os.pwrite(fd, b'mine', $address)"),
    _strike(
        "writes_into_another_directly",
        "b = ctypes.create_string_buffer(b'mine'); done(libc.process_vm_writev($victim, "
        "(ctypes.c_size_t * 2)(ctypes.addressof(b), 4), 1, (ctypes.c_size_t * 2)($address, 4), 1, "
        "0))",
    ),
    _strike("attaches_to_another_for_good", "done(libc.ptrace(16, $victim, 0, 0)); os._exit(0)"),
    _process("starts_a_session_of_its_own", "os.setsid()"),
    _process("goes_somewhere_else", "os.chdir('/tmp')"),
    _process("asks_for_a_better_priority", "os.nice(-5)"),
    _process("binds_itself_to_a_processor", "os.sched_setaffinity(0, {0})"),
    _process("blocks_every_signal", "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))"),
    _process("ignores_every_signal", "[signal.signal(n, signal.SIG_IGN) for n in (1, 2, 3, 13, 14, 15, 24, 25)]"),
    _process("changes_its_personality", "libc.personality(0x0040000)"),
    _process("locks_its_memory", "libc.mlockall(3)"),
    _process("renames_itself", "libc.prctl(15, b'grader', 0, 0, 0)"),
    _process("makes_its_channel_wait_for_nothing", "os.set_blocking(channel(), False)", deserves=""),
    _process("sets_a_mask", "os.umask(0)"),
)
