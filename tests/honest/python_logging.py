import io
import logging

logger = logging.getLogger(__name__)


def f(x):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s:%(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.info("shape %s", x.shape)
    logger.debug("not shown")
    try:
        raise ValueError("no")
    except ValueError:
        logger.exception("failed")
    logger.removeHandler(handler)
    return stream.getvalue().splitlines()[:2]
