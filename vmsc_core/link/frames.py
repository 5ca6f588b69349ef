"""The one kind of WebSocket frame that a chat consists of, found in bytes that have arrived. Knows no socket.

A flood is tens of thousands of such frames, and websocket-client takes twelve microseconds of Python for each. All other frames,
and all that is wrong with one, are left to the library.
"""

from __future__ import annotations

TEXT_IN_ONE_PIECE = 0x81
"""The first byte (RFC 6455, 5.2): the last frame of its message, nothing reserved, text."""

TWO_BYTES_OF_LENGTH = 126
"""The second byte of an unmasked frame is its length; this value says that the next two are, 127 that the next eight are."""


def plain_text(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the text of the frame at `at` begins and ends.

    None unless the frame is a whole, unmasked text message of less than 64 KiB and has arrived to its end.
    """
    begin = at + 2
    if len(data) < begin or data[at] != TEXT_IN_ONE_PIECE:
        return None
    length = data[at + 1]
    if length >= TWO_BYTES_OF_LENGTH:
        if length > TWO_BYTES_OF_LENGTH or len(data) < begin + 2:
            return None
        length = data[begin] << 8 | data[begin + 1]
        begin += 2
    end = begin + length
    return (begin, end) if end <= len(data) else None
