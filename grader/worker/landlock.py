"""Landlock without a single rule: no file, no TCP, no signal and no abstract socket outside this process.

Source: Linux, Documentation/userspace-api/landlock.rst. A kernel that knows an older version denies less; the filter
of system calls does not depend on it.
"""

import ctypes
import struct

__all__ = ["Ruleset"]

_CREATE, _RESTRICT = 444, 446  # the same numbers on every processor
_VERSION = 1
# What each version of the interface has added to the list of things that can be denied, by kind.
_FILES = {1: 13, 2: 14, 3: 15, 5: 16}
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6


class Ruleset:
    """The rules, made ahead by the parent and taken on by each session."""

    def __init__(self, libc: ctypes.CDLL) -> None:
        self._libc = libc
        version = int(libc.syscall(_CREATE, None, 0, _VERSION))
        self.descriptor = -1
        if version < 1:
            return
        files = (1 << max(bits for since, bits in _FILES.items() if since <= version)) - 1
        words = [files]
        if version >= _NETWORK_SINCE:
            words.append(0b11)  # bind and connect
        if version >= _SCOPES_SINCE:
            words.append(0b11)  # abstract sockets and signals
        attributes = struct.pack(f"<{len(words)}Q", *words)
        self.descriptor = int(libc.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0))

    def restrict(self) -> bool:
        """Take the rules on, for ever; say whether that was possible. Needs no_new_privs."""
        return self.descriptor >= 0 and self._libc.syscall(_RESTRICT, self.descriptor, 0) == 0
