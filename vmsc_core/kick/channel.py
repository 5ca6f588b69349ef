"""From what a streamer types or pastes, and from what Kick's lookup answers, to a Channel. Knows no network.

Order of use: `resolve` → (somebody asks Kick for each of `slug_candidates`) → `read_lookup` → `subscriptions`; later lookups
go through `compare`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any
from urllib.parse import unquote, urlsplit

from vmsc_core.kick import json_values as read
from vmsc_core.kick.viewer_copy import answer_in
from vmsc_core.reasons import Failure, Reason, Remedy, because
from vmsc_core.settings import LOOKUP_ADDRESS, Wish

LONGEST_TYPED = 2000
"""Characters that are looked at of what was typed as a name."""

LONGEST_SLUG = 64
"""Characters. Kick's own limit is 25; the rest is room for what Kick may allow one day."""

BLOCKED_COOLDOWN = 300.0
"""Seconds before kick.com is asked again after a 403: the block stays for minutes and asking prolongs it."""

UNAVAILABLE = (423, 451)
"""HTTP statuses for "not in your country"."""

WEBSITES = ("kick.com", "www.kick.com", "m.kick.com", "player.kick.com")
"""Where an address names a channel. Others of Kick's (dashboard., help., web.) have pages of other kinds in that place."""

OWN_PAGES = {
    "about-us", "account", "api", "auth", "blog", "browse", "careers", "categories", "category", "cdn-cgi", "clip", "clips",
    "community-guidelines", "contact", "cookie-policy", "dashboard", "discover", "dmca", "dmca-policy", "download", "faq",
    "featured", "following", "help", "home", "jobs", "legal", "livestream", "livestreams", "login", "logout", "messages",
    "notifications", "oauth", "privacy", "privacy-policy", "profile", "recommended", "register", "search", "settings", "signin",
    "signup", "subscription", "subscriptions", "support", "tag", "tags", "terms", "terms-of-service", "transactions", "verify",
    "video", "videos", "vod", "vods",
}  # fmt: skip
"""What stands in addresses of Kick's where others have a name. Who really is called so types it plainly."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]"
)
"""Marks that chat programs and web pages put into copied text: zero-width ones, directions, a byte order mark."""

_AROUND = " \t\r\n\u00a0\"'`\u00b4<>()[]{},;.|*/\\\u3001\u300c\u300d\uff02\uff07\uff0c"
_AROUND += "\u00ab\u00bb\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2039\u203a"
"""What stands around a name in a sentence, a list or an address, and in no name."""

_SCHEME = re.compile(r"(https?:)?//", re.IGNORECASE)
_ADDRESS = re.compile(_SCHEME.pattern + r"|([a-z0-9-]+\.)*kick\.com\.?([/:?#]|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Channel:
    """What is known of a channel. `live` is None when nobody knows; `followers` None when not given."""

    slug: str
    chatroom_id: int
    channel_id: int | None = None
    name: str = ""
    live: bool | None = None
    livestream_id: int | None = None
    title: str = ""
    followers: int | None = None


@dataclass(frozen=True)
class Topic:
    """One channel name to subscribe to, and whether Connected has to wait for its acknowledgement."""

    name: str
    required: bool


class Match(Enum):
    """What a later lookup says of the channel we are connected to."""

    SAME = "same"
    NEWS = "news"  # the same channel, with another name or channel ID
    MOVED = "moved"  # the name belongs to another channel now
    STRANGER = "stranger"  # an answer about somebody else's name


def resolve(wish: Wish) -> Channel | str | Failure:
    """The channel that a wish names: its IDs when they are at hand, else the slug to look up; a Failure for a bad name.

    IDs come from the wish itself or from what is remembered, in any spelling of the name.
    """
    slug = slug_of(wish.username)
    if wish.chatroom_id is not None and (not wish.username or isinstance(slug, str)):
        name = slug if isinstance(slug, str) else f"chatroom {wish.chatroom_id}"
        return Channel(slug if isinstance(slug, str) else "", wish.chatroom_id, wish.channel_id, name)
    if isinstance(slug, Failure):
        return slug
    for spelling in slug_candidates(slug):
        known = wish.known.get(spelling)
        if known is not None and (spelling == slug or known.name.lower() == slug):
            return Channel(slug, known.chatroom_id, known.channel_id, known.name or slug)
    return slug


def compare(known: Channel, found: Channel) -> Match:
    """What a lookup of `known.slug` that gave `found` says; the IDs of `known` are those we are connected with."""
    if known.chatroom_id == found.chatroom_id:
        is_same = (found.channel_id, found.name) == (known.channel_id, known.name)
        return Match.SAME if is_same else Match.NEWS
    # Another spelling of the name may be somebody else's.
    return Match.MOVED if known.slug in (found.slug, found.name.lower()) else Match.STRANGER


def slug_of(username: str) -> str | Failure:
    """The slug in what a streamer typed: `name`, `@name`, `kick.com/name`, a whole address, any letter case.

    Quotes, commas, slashes, and marks nobody sees do not count.
    """
    typed = _bare(username[:LONGEST_TYPED])
    if not typed:
        return _bad("name_missing")
    found = _in_address(typed) if _ADDRESS.match(typed) else typed
    if isinstance(found, Failure):
        return found
    slug = _bare(found.lstrip("@")).lower()
    if not re.fullmatch(r"[a-z0-9_-]+", slug, re.ASCII):
        return _bad("name_characters")
    return slug if len(slug) <= LONGEST_SLUG else _bad("name_too_long")


def _bare(text: str) -> str:
    """`text` without marks nobody sees and without what stands around a name."""
    return _INVISIBLE.sub("", text).strip().strip(_AROUND).strip()


def clean_name(username: str) -> str:
    """What a streamer typed, without the address or the marks around the name; as it was typed when no channel is called so."""
    slug = slug_of(username)
    if isinstance(slug, Failure):
        return username
    place = _INVISIBLE.sub("", username).lower().rfind(slug)
    return _INVISIBLE.sub("", username)[place : place + len(slug)] if place >= 0 else slug


def slug_or_nothing(username: str) -> str:
    """The slug in what a streamer typed; empty for what no channel can be called."""
    slug = slug_of(username)
    return slug if isinstance(slug, str) else ""


def _bad(key: str) -> Failure:
    """A name that no Kick channel can have."""
    return Failure(Remedy.USER, because(key))


def _in_address(address: str) -> str | Failure:
    """The channel's name in an address of Kick's website, as it stands there."""
    try:
        parts = urlsplit(address if _SCHEME.match(address) else "//" + address)
        host = (parts.hostname or "").lower().rstrip(".")
    except ValueError:
        return _bad("address_unreadable")
    if host != "kick.com" and not host.endswith(".kick.com"):
        return _bad("address_elsewhere")
    steps = [step for step in map(_bare, unquote(parts.path).split("/")) if step]
    first = steps[0].lower() if steps else ""
    if first == "popout":  # kick.com/popout/name/chat, which streamers have open for their chat
        steps = steps[1:]
    if host not in WEBSITES or first in OWN_PAGES or not steps:
        return _bad("address_without_name")
    return steps[0]


def slug_candidates(slug: str) -> tuple[str, ...]:
    """The spellings to look up one after the other: as given, then `_`→`-`, then `-`→`_` (Kick has both)."""
    return tuple(dict.fromkeys((slug, slug.replace("_", "-"), slug.replace("-", "_"))))


def read_lookup(slug: str, status: int, body: str, retry_after: float | None = None) -> Channel | Failure:
    """The Channel in an answer of `GET …/api/v2/channels/{slug}`, or what is wrong with it. Never raises.

    `status` is the HTTP status, `retry_after` the seconds of that header when there was one. The remedy is USER when there is
    no such channel, REFUSED when Kick blocks us, BACKOFF for all that passes.
    """
    start = body[:2000].lstrip("\ufeff \t\r\n").lower()
    is_page = start.startswith("<")
    if status in (403, 401) or (is_page and ("just a moment" in start or "cf-chl" in start or "challenge-platform" in start)):
        return Failure(Remedy.REFUSED, because("lookup_blocked"), BLOCKED_COOLDOWN)
    if status in (404, 410):
        return unknown(slug)
    if status in UNAVAILABLE:
        return Failure(Remedy.REFUSED, because("lookup_country"), BLOCKED_COOLDOWN)
    if status == 429:
        return Failure(Remedy.BACKOFF, because("lookup_busy"), busy_cooldown(retry_after))
    if status >= 500 and status != 511:  # 511 is what a sign-in page may answer
        return Failure(Remedy.BACKOFF, because("lookup_down", status=status), min(retry_after or 5.0, 3600.0))
    if 300 <= status < 400 or status == 511 or is_page:
        return Failure(Remedy.BACKOFF, because("lookup_portal"), 5.0)
    channel = _channel(read.mapping(read.parse(body, read.LONGEST_PAGE)), slug) if status == 200 else None
    return channel or Failure(Remedy.BACKOFF, because("lookup_unexpected", status=status), 30.0)


def about(slug: str, found: Channel | Failure) -> Channel | Failure:
    """`found`, refused when it is about somebody else: the lookup takes IDs too, and a name can be a number."""
    if isinstance(found, Failure) or found.slug in slug_candidates(slug) or found.name.lower() == slug:
        return found
    other = found.slug or found.name
    return Failure(Remedy.USER, because("lookup_other_channel", found=other, slug=slug)) if other else unknown(slug)


def unknown(slug: str) -> Failure:
    """There is no channel of this name."""
    return Failure(Remedy.USER, because("channel_unknown", slug=slug))


def busy_cooldown(retry_after: float | None) -> float:
    """Seconds to leave Kick alone after a 429; `retry_after` is what its header said, if anything."""
    return min(max(retry_after or 60.0, 5.0), 3600.0)


def is_bot_check(status: int, found: Channel | Failure) -> bool:
    """Whether Kick mistook us for a bot: another program of this computer may pass."""
    return isinstance(found, Failure) and found.remedy is Remedy.REFUSED and status not in UNAVAILABLE


def lookup_cooldown(status: int, failure: Failure) -> float:
    """Seconds for which nobody may look up again, not even after another press of Connect; 0 when a press may.

    A block and a 429 ask for it. A website that is down, or a Wi-Fi login page, may be fine again the moment it is fixed.
    """
    return failure.wait if failure.remedy is Remedy.REFUSED or status == 429 else 0.0


def read_pasted(text: str, slug: str = "") -> Channel | Reason:
    """The Channel in what a user pasted, or what is wrong with it.

    Takes the whole JSON of the lookup page, raw or as a viewer shows it, or "channel ID, chatroom ID" as two numbers.
    """
    text = text.strip()
    if not text:
        return because("paste_nothing")
    # Not on a whole page: that pattern takes the square of the text's length.
    numbers = re.fullmatch(r"(\d{1,15})\s*[,;/\s]\s*(\d{1,15})", text, re.ASCII) if len(text) <= 100 else None
    if numbers:
        channel_id, chatroom_id = int(numbers.group(1)), int(numbers.group(2))
        return Channel(slug, chatroom_id, channel_id, slug) if channel_id and chatroom_id else because("paste_zero")
    channel = _channel(answer_in(text), slug)
    if channel is None:
        if "<html" in text[:500].lower() or "just a moment" in text[:500].lower():
            return because("paste_robot_check")
        return because("paste_viewer_copy" if "chatroom" in text and "followers" in text else "paste_not_the_page")
    if slug and isinstance(about(slug, channel), Failure):
        return because("paste_other_channel", found=channel.slug or channel.name, slug=slug)
    return channel


def read_paste(text: str, username: str) -> Channel | Reason:
    """As read_pasted, beside what was typed as the username; the Channel always has a slug, the pasted one if none is typed."""
    typed = slug_or_nothing(username)
    found = read_pasted(text, typed)
    if isinstance(found, Reason):
        return found
    slug = typed or found.slug
    return replace(found, slug=slug) if slug else because("page_name_first_then_again")


def lookup_page(username: str, base: str = "") -> str:
    """The address that a streamer opens to copy the lookup of their channel; `base` stands in for Kick's own address."""
    slug = slug_or_nothing(username)
    return (base or LOOKUP_ADDRESS) + slug if slug else "https://kick.com/"


def subscriptions(chatroom_id: int, channel_id: int | None) -> tuple[Topic, ...]:
    """The five topics of Kick's feed; without a channel ID the three of the chatroom.

    `chatrooms.X` is asked for but not waited for: it carries only what others carry too.
    """
    rows = [Topic(f"chatrooms.{chatroom_id}.v2", True), Topic(f"chatroom_{chatroom_id}", True)]
    if channel_id is not None:
        rows += [Topic(f"channel.{channel_id}", True), Topic(f"channel_{channel_id}", True)]
    return (*rows, Topic(f"chatrooms.{chatroom_id}", False))


def _channel(answer: dict[str, Any], slug: str) -> Channel | None:
    chatroom_id = read.integer(read.mapping(answer.get("chatroom")).get("id"))
    channel_id = read.integer(answer.get("id"))
    if not chatroom_id or not channel_id:
        return None
    stream = answer.get("livestream")
    running = read.mapping(stream)
    live: bool | None = None
    if "livestream" in answer and (stream is None or isinstance(stream, dict)):
        live = bool(running) and read.boolean(running.get("is_live")) is not False
    followers = read.integer(answer.get("followers_count"))
    if followers is None:
        followers = read.integer(answer.get("followersCount"))
    found = read.text(answer.get("slug"), LONGEST_SLUG).lower()
    # A number that was asked for may have been taken for an ID: then only the answer's own words prove anything.
    asked = "" if slug.isdigit() else slug
    return Channel(
        slug=found if re.fullmatch(r"[a-z0-9_-]+", found, re.ASCII) else asked,
        chatroom_id=chatroom_id,
        channel_id=channel_id,
        name=" ".join(read.text(read.mapping(answer.get("user")).get("username"), LONGEST_SLUG).split()) or asked,
        live=live,
        livestream_id=read.integer(running.get("id")) if live else None,
        title=read.text(running.get("session_title"), 300),
        followers=followers,
    )
