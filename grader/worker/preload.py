"""Which modules learner code may import, and how they are loaded before the walls go up.

A session cannot open a file, so what it imports has to be there already. Python's own library and all of numpy and
scipy would take a second to load, therefore the parent loads what a learner's text names, once, before it forks.
"""

import contextlib
import functools
import importlib
import re
import sys
import warnings
from collections.abc import Iterable

__all__ = ["START", "allowed", "load", "loadable", "modules_in", "warm_up"]

# What nearly every answer needs, and codecs, which Python loads at their first use.
START = (
    "numpy",
    "numpy.linalg",
    "numpy.random",
    "numpy.fft",
    "numpy.ma",
    "numpy.polynomial",
    "math",
    "random",
    "dataclasses",
    "typing",
    "encodings.ascii",
    "encodings.cp1252",
    "encodings.cp437",
    "encodings.idna",
    "encodings.latin_1",
    "encodings.punycode",
    "encodings.utf_16",
    "encodings.utf_32",
)
_NUMPY = ("char", "matlib", "rec", "strings", "testing", "typing")
_SCIPY = (
    "cluster",
    "constants",
    "datasets",
    "differentiate",
    "fft",
    "fftpack",
    "integrate",
    "interpolate",
    "io",
    "linalg",
    "ndimage",
    "odr",
    "optimize",
    "signal",
    "sparse",
    "spatial",
    "special",
    "stats",
)
# What does something when it is imported: opens a browser, prints, starts a window or a test.
_NOT = {"antigravity", "this", "idlelib", "turtle", "turtledemo", "tkinter", "test", "lib2to3", "ensurepip", "venv"}
_ALLOWED = (sys.stdlib_module_names | {"numpy", "scipy"}) - _NOT
# What a module loads only when it is used: imports inside functions, and parts that `import package` leaves out.
_LATE = {
    "concurrent.futures": ("concurrent.futures.thread", "concurrent.futures.process", "multiprocessing.synchronize"),
    "datetime": ("_strptime",),
    "multiprocessing": ("multiprocessing.pool", "multiprocessing.context", "multiprocessing.queues"),
    "numpy.testing": ("unittest", "difflib", "doctest", "pprint"),
    "scipy.cluster": ("scipy.cluster.vq", "scipy.cluster.hierarchy"),
    "scipy.integrate": ("scipy.interpolate", "scipy.optimize", "scipy.special"),
    "scipy.linalg": (
        "scipy.linalg._matfuncs_inv_ssq",
        "scipy.linalg.blas",
        "scipy.linalg.lapack",
        "scipy.fft",
        "scipy.sparse",
        "scipy.special",
    ),
    "scipy.optimize": (
        "scipy._lib.cobyqa",
        "scipy._lib.pyprima.common.infos",
        "scipy._lib.pyprima.common.message",
        "scipy._lib.pyprima.common._project",
        "scipy.sparse.linalg",
    ),
    "scipy.signal": ("scipy.linalg",),
    "scipy.sparse": ("scipy.sparse.linalg", "scipy.sparse.csgraph"),
    "scipy.spatial": ("scipy.spatial.distance", "scipy.spatial.transform", "scipy.interpolate"),
    "scipy.special": ("scipy.linalg",),
    "scipy.stats": ("scipy.stats.qmc", "scipy.stats.contingency", "scipy.stats.mstats"),
    "time": ("_strptime",),
    "unittest": ("unittest.mock",),
    "uuid": ("platform",),
}
# Functions that load far more than their neighbours.
_HEAVY = {"differential_evolution": "scipy.stats", "shgo": "scipy.stats", "qmc_quad": "scipy.stats"}
_IMPORT = re.compile(r"^[ \t]*(?:import[ \t]+([^#\n]+)|from[ \t]+([\w.]+)[ \t]+import[ \t]+([^#\n]+))", re.MULTILINE)
_SCIPY_IMPORT = re.compile(r"^[^#\n]*\b(?:import|from)\b[^#\n]*\bscipy\b", re.MULTILINE)
# What a text can ask for has to fit into one packet to the parent.
_NAME = re.compile(r"[A-Za-z0-9_.]{1,60}")
_MOST = 60


def allowed(name: str) -> bool:
    """Say whether learner code may import a module of this name."""
    top = name.partition(".")[0]
    return top in _ALLOWED or top.startswith("_sysconfigdata_")  # Python's own, with the machine's name in it


def modules_in(text: str) -> list[str]:
    """Return the modules that Python text names, as far as they are allowed and are not loaded in any case."""
    words = set(re.findall(r"[A-Za-z_]\w*", text))
    found = [f"numpy.{part}" for part in _NUMPY if part in words]
    if _SCIPY_IMPORT.search(text):  # a docstring may name scipy, too
        found += ["scipy", *(f"scipy.{part}" for part in _SCIPY if part in words)]
        found += [module for word, module in _HEAVY.items() if word in words]
    for plain, parent, parts in _IMPORT.findall(text):
        names = re.findall(r"(?:^|,)[ \t(]*([\w.]+)", parts or plain)
        found += [parent, *(f"{parent}.{name}" for name in names)] if parent else names
    return [name for name in dict.fromkeys(found) if name not in START and loadable(name)][:_MOST]


def loadable(name: str) -> bool:
    """Say whether the parent may be asked for a module of this name: allowed, short, and in plain letters."""
    return bool(_NAME.fullmatch(name)) and allowed(name)


def load(names: Iterable[str]) -> bool:
    """Import modules by name, and what they would load late; say whether any of them was new."""
    before = len(sys.modules)
    for name in names:
        if allowed(name):
            _import(name)
            for late in _LATE.get(name, ()):
                _import(late)
    if "scipy.stats.qmc" in sys.modules:
        _read_direction_numbers()
    return len(sys.modules) > before


@functools.cache
def _read_direction_numbers() -> None:
    """Have Sobol's sequence read its tables, once for each width: without the file every point would be the same."""
    for bits in (30, 64):
        sys.modules["scipy.stats.qmc"].Sobol(1, bits=bits)


def _import(name: str) -> None:
    if name not in sys.modules:
        # A name that is no module, or one that cannot be loaded, is the learner's to hear of.
        with contextlib.suppress(BaseException), warnings.catch_warnings(action="ignore"):
            importlib.import_module(name)


def warm_up() -> None:
    """Do once what libraries prepare at its first use: buffers, tables, time zones, and the text of an exception."""
    import io
    import time
    import traceback

    import numpy as np

    a = np.random.default_rng(0).normal(size=(32, 32))
    np.linalg.svd(a @ a.T + np.einsum("ij,kj->ik", a, a))
    np.linalg.solve(a, a)
    print(a, repr(np.float64(0.1)), f"{a[0, 0]:.3f}", file=io.StringIO())
    np.empty(1 << 21)  # freed at once: from now on malloc keeps blocks of up to 16 MiB for the next array
    time.localtime()
    try:
        np.zeros(2) + np.zeros(3)
    except ValueError as fault:
        traceback.extract_tb(fault.__traceback__).format()
