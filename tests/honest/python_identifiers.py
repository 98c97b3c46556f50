import uuid
from secrets import choice, token_bytes, token_hex
from uuid import NAMESPACE_DNS, uuid4, uuid5


def f(x):
    return (
        len(str(uuid4())),
        str(uuid5(NAMESPACE_DNS, "python.org")),
        uuid.UUID(int=5).hex,
        len(token_hex(4)),
        choice("aa"),
        len(token_bytes(3)),
        uuid.uuid1().version,
    )
