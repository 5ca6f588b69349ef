"""A whole, plain text frame is found where it stands; all else is left to the library."""

from __future__ import annotations

import pytest
from end_to_end.raw_server import BINARY, CLOSE, CONTINUATION, PING, PONG, frame

from vmsc_core.link.frames import plain_text


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 255, 256, 65_535])
@pytest.mark.parametrize("before", [b"", b"\x81\x05"])
def test_a_whole_text_is_found_and_nothing_of_its_neighbors(length: int, before: bytes) -> None:
    text = bytes(number % 251 for number in range(length))
    data = before + frame(text) + frame("the next one")
    place = plain_text(data, len(before))
    assert place is not None and data[place[0] : place[1]] == text
    assert data[place[1] :] == frame("the next one")


@pytest.mark.parametrize("length", [0, 5, 125, 126, 300])
def test_a_text_is_found_when_its_last_byte_has_come_and_not_before(length: int) -> None:
    data = frame("x" * length)
    assert [plain_text(data[:end], 0) for end in range(len(data))] == [None] * len(data)
    assert plain_text(data, 0) == (len(data) - length, len(data))


def test_a_length_may_be_longer_than_it_needs_to_be() -> None:
    assert plain_text(b"\x81\x7e\x00\x02hi", 0) == (4, 6)


@pytest.mark.parametrize(
    "data",
    [
        frame("x", fin=False),
        frame("x", CONTINUATION),
        frame("x", BINARY),
        frame("x", PING),
        frame("x", PONG),
        frame("x", CLOSE),
        frame("x", rsv=1),
        frame("x", rsv=4),
        frame("x", opcode=3),
        b"\x81\x81\x00\x00\x00\x00x",  # masked
        b"\x81\xfe\x00\x01\x00\x00\x00\x00x",
        frame("x" * 65_536),
        b"\x81\x7f" + b"\xff" * 8 + b"x",
    ],
    ids=lambda data: data[:4].hex(),
)
def test_every_other_frame_is_left_alone(data: bytes) -> None:
    assert plain_text(data, 0) is None and plain_text(data + frame("whole"), 0) is None
