import base64
import binascii
import hashlib
import hmac
import zlib


def f(x):
    data = x.tobytes()
    return (
        hashlib.sha256(data).hexdigest(),
        hashlib.md5(b"a").hexdigest(),
        hashlib.new("sha3_256", b"a").hexdigest(),
        hashlib.blake2b(b"a", digest_size=8).hexdigest(),
        hmac.new(b"k", b"m", "sha1").hexdigest(),
        zlib.crc32(data),
        zlib.decompress(zlib.compress(data)) == data,
        base64.b64encode(data[:6]).decode(),
        binascii.hexlify(b"ab").decode(),
    )
