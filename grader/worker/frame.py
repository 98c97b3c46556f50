"""Frames on the socket between grader and worker, and how large a message in one may be.

Needs nothing, so that the grader can start a worker before it loads numpy itself.
"""

import struct

__all__ = ["FRAME", "LARGEST_REPLY", "LARGEST_REQUEST"]

FRAME = struct.Struct("<16sIQ")  # nonce, sequence number, size of the message
LARGEST_REQUEST = 256 << 20
LARGEST_REPLY = 64 << 20
