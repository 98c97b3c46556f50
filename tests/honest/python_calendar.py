import calendar
import importlib


def f(x):
    locale = importlib.import_module("locale")
    return (
        calendar.monthrange(2024, 2),
        calendar.month_name[3],
        calendar.month(2024, 2),
        locale.localeconv()["decimal_point"],
    )
