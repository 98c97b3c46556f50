import os.path
from pathlib import PurePath, PurePosixPath, PureWindowsPath


def f(x):
    path = PurePosixPath("/data/set.tar.gz")
    return (
        path.stem,
        path.suffixes,
        str(path.parent / "b"),
        PureWindowsPath("C:\\a\\b").drive,
        PurePath("a", "b").parts,
        os.path.join("a", "b"),
        os.path.splitext("a.b.c"),
        os.sep,
        os.path.basename("/a/b"),
        path.match("*.gz"),
    )
