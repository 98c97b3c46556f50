import array
import struct
from struct import calcsize, pack, unpack


def f(x):
    packed = pack("<3d", *x[0])
    return (
        list(packed[:8]),
        unpack("<3d", packed),
        calcsize(">ih"),
        struct.Struct("!H").pack(513).hex(),
        array.array("i", [1, 2]).tolist(),
        int.from_bytes(b"\1\2", "big"),
        memoryview(packed)[1:3].tolist(),
        bytearray(b"ab").hex(),
        (1.5).hex(),
    )
