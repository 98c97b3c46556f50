from enum import Enum, Flag, IntEnum, auto


class Kind(Enum):
    RELU = auto()
    TANH = "tanh"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Right(Flag):
    READ = auto()
    WRITE = auto()


def f(x):
    return [k.name for k in Kind], Kind("tanh").name, max(Level).value, (Right.READ | Right.WRITE).value, str(Kind.TANH)
