import logging


def f(x):
    logging.basicConfig(level=logging.INFO)
    logging.warning("a warning of mine")
    return logging.getLevelName(30)
