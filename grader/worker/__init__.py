"""What runs beside learner code, in another process.

Nothing in this package imports the rest of the grader: the process that runs learner code starts with these files
alone, and knows no expected value, no reference and no path. The other end of the conversation is `grader.sandbox`.

One session, over one socket, request by request, answered in their order:

    request  {"source": ..., "path": ..., "name": ..., "given": ..., "drive": ..., "free": ...}, to load a file
    reply    {"loaded": True}  or  {"failed": "syntax" | "exception" | "missing" | ..., ...}

    request  (argument, ...), to call its function
    reply    {"returned": value, "changed": {position: value}}  or  {"failed": ..., ...}

A frame on the socket is a 16-byte nonce (the request's, repeated in the reply), a 4-byte sequence number, an 8-byte
size and a message of `wire`. Sequence numbers begin anew with every file, so 1 asks to load one. What a session's
process prints goes through a pipe of its own and is never part of a verdict; after what was printed during a request
comes a boundary (`frame.boundary`). Requests may be sent ahead.
"""
