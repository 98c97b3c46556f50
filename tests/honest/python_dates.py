import datetime as dt
from datetime import date, datetime, timedelta, timezone


def f(x):
    moment = datetime(2024, 2, 29, 12, 30, tzinfo=timezone.utc)
    read = datetime.strptime("2024-03-01 08:15", "%Y-%m-%d %H:%M")
    return (
        moment.isoformat(),
        read.strftime("%d.%m.%Y %A"),
        str(moment + timedelta(days=1)),
        date(2024, 1, 1).isocalendar().week,
        dt.datetime.fromisoformat("2024-01-01T00:00:00+02:00").utcoffset().seconds,
        (date(2025, 1, 1) - date(2024, 1, 1)).days,
    )
