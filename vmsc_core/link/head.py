"""The head of an HTTP answer as servers really send it, made into one that strict readers take. Pure: bytes in, bytes out.

websocket-client refuses a header that isn't UTF-8 or has no colon, and http.client drops every header that follows one.
"""

from __future__ import annotations

import re

LARGEST = 65_536
"""Bytes of a head."""

MOST_INTERIM = 20
"""Answers with 100, 102, 103 … that are skipped: each is followed by another answer to the same request (RFC 9110, 15.2)."""

_END = re.compile(rb"\n\r?\n")
_INTERIM = re.compile(rb"HTTP/\d\.\d 1(?!01)\d\d\b")
_STATUS = re.compile(rb"HTTP/\d\.\d (\d{3})\b")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")


def end(data: bytes) -> int | None:
    """Where what follows the head begins; None while the blank line hasn't come."""
    found = _END.search(data)
    return found.end() if found else None


def can_be_one(data: bytes) -> bool:
    """Whether a head may still come of this beginning."""
    return data[:5] == b"HTTP/"[: len(data)]


def is_interim(head: bytes) -> bool:
    """Whether another answer follows. 101 is none of these: it is the answer of a WebSocket."""
    return bool(_INTERIM.match(head))


def status(head: bytes) -> int:
    """The status code; 0 for what is no answer."""
    found = _STATUS.match(head)
    return int(found.group(1)) if found else 0


def clean(head: bytes) -> bytes:
    """The head without the lines that are no header field, in ASCII. Cookies are left out: we never send one back."""
    first, *lines = re.sub(rb"[^\t\r\n -~]", b"?", head.rstrip(b"\r\n")).split(b"\n")
    fields: list[bytes] = []
    keeps = False
    for line in lines:
        text = line.strip(b"\r")
        if text[:1] in (b" ", b"\t"):  # continues the line before (RFC 9112, 5.2)
            if keeps:
                fields[-1] += b" " + text.strip()
            continue
        keeps = bool(_FIELD.match(text)) and not text.lower().startswith(b"set-cookie")
        if keeps:
            fields.append(text)
    return b"\r\n".join([first.strip(b"\r"), *fields, b"", b""])
