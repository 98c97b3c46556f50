import gc
import weakref


class Ring:
    pass


def f(x):
    ring = Ring()
    ring.ring = ring
    gone = weakref.ref(ring)
    del ring
    gc.collect()
    return gone() is None, gc.isenabled()
