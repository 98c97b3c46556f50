import numpy as np


def f(x):
    days = np.arange("2024-02-27", "2024-03-02", dtype="datetime64[D]")
    return (
        days.astype(str).tolist(),
        np.diff(days).astype(int),
        str(np.datetime64("2024-02-29") + np.timedelta64(1, "D")),
        np.busday_count("2024-01-01", "2024-02-01"),
        np.is_busday("2024-01-01"),
    )
