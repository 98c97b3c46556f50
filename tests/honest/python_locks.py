import threading
from queue import Empty, PriorityQueue, Queue
from threading import Event, Lock, RLock


def f(x):
    others = threading.active_count() - 1
    lock, line, first = Lock(), Queue(), PriorityQueue()
    with lock, RLock():
        line.put(1)
    for value in (3, 1, 2):
        first.put(value)
    try:
        Queue().get_nowait()
    except Empty:
        pass
    done = Event()
    done.set()
    local = threading.local()
    local.a = 5
    return (
        line.get(),
        [first.get() for _ in range(3)],
        done.wait(1),
        local.a,
        threading.active_count() - others,
        threading.current_thread().name,
        lock.acquire(timeout=0.01),
    )
