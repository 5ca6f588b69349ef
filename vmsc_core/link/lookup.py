"""From a slug to a Channel over the network: HTTPS, then the system's curl. Knows no JSON of Kick's and no cooldown.

kick/channel.py reads the answers; who calls this looks at the cooldown first and keeps the one that comes back.
"""

from __future__ import annotations

from dataclasses import dataclass

from vmsc_core.kick.channel import Channel, is_bot_check, lookup_cooldown, read_lookup, slug_candidates, unknown
from vmsc_core.link.errors import CannotConnect
from vmsc_core.link.http import Answer, Http
from vmsc_core.reasons import Failure, Remedy


@dataclass(frozen=True)
class Answered:
    """What a lookup gave; `cooldown` seconds are to pass before anybody asks again."""

    channel: Channel | Failure
    cooldown: float = 0.0


def look_up(slug: str, address: str, http: Http) -> Answered:
    """The Channel called `slug`, in any of its spellings, or why there is none.

    `address` is where the slug is added to. Raises CannotConnect or Stopped.
    """
    for candidate in slug_candidates(slug):
        found = _ask(candidate, address, http)
        if not _is_unknown(found.channel):
            return found
    return Answered(unknown(slug))  # in the user's own spelling


def _ask(slug: str, address: str, http: Http) -> Answered:
    url = address + slug
    try:
        answer = http.request("GET", url)
    except CannotConnect as first:
        if first.failure.remedy is not Remedy.USER:
            raise
        # No ssl module or no certificates in this Python: curl brings its own.
        second = _by_curl(slug, url, http)
        if second is None:
            raise
        return second
    found = _read(slug, answer)
    if is_bot_check(answer.status, found.channel):
        # curl's TLS differs, so it may pass; what else it brings is no news.
        second = _by_curl(slug, url, http)
        if second is not None and (isinstance(second.channel, Channel) or _is_unknown(second.channel)):
            return second
    return found


def _by_curl(slug: str, url: str, http: Http) -> Answered | None:
    """What the system's curl brings; None when it can't be used."""
    try:
        return _read(slug, http.curl(url))
    except CannotConnect:
        return None


def _read(slug: str, answer: Answer) -> Answered:
    found = read_lookup(slug, answer.status, answer.body, answer.retry_after)
    return Answered(found, lookup_cooldown(answer.status, found) if isinstance(found, Failure) else 0.0)


def _is_unknown(found: Channel | Failure) -> bool:
    """Whether Kick says that there is no such channel."""
    return isinstance(found, Failure) and found.remedy is Remedy.USER
