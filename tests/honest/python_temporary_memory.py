import io
import zipfile
from tempfile import SpooledTemporaryFile


def f(x):
    with zipfile.ZipFile(data := io.BytesIO(), "w") as archive:
        archive.writestr("a.txt", "hello")
    with SpooledTemporaryFile(max_size=1000) as spool:
        spool.write(b"abc")
        spool.seek(0)
        return zipfile.ZipFile(data).namelist(), spool.read().decode()
