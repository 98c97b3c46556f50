import time


def f(x):
    started, ticks = time.time(), time.perf_counter()
    time.sleep(0.001)
    passed = time.perf_counter() - ticks
    return (
        0 < passed,
        time.time() >= started,
        time.process_time() >= 0,
        time.strftime("%Y", time.gmtime(0)),
        time.strptime("01 Feb 2024", "%d %b %Y").tm_yday,
        time.ctime(0)[-4:],
        time.monotonic() > 0,
        len(time.localtime()),
    )
