"""How the press and its child talk: one byte that says what it is, eight for the length, and the content."""

import struct

HEAD = struct.Struct(">cQ")
PIECE = 1 << 16  # bytes read at once

READY, JOB, PDF, MEMORY, UNAVAILABLE, ERROR = b"r", b"j", b"p", b"m", b"u", b"e"


def send(link, kind, content=b""):
    link.sendall(HEAD.pack(kind, len(content)) + content)


def receive(link, count):
    """`count` bytes from `link`. Raises EOFError where the other side has gone."""
    pieces = bytearray()
    while len(pieces) < count:
        piece = link.recv(min(PIECE, count - len(pieces)))
        if not piece:
            raise EOFError
        pieces += piece
    return bytes(pieces)


def read(link):
    """(kind, content) of the next frame. Raises EOFError where the other side has gone."""
    kind, length = HEAD.unpack(receive(link, HEAD.size))
    return kind, receive(link, length)
