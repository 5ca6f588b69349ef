"""From what a streamer types or pastes, and from what Kick's look-up answers, to a Channel. Knows no network.

Order of use: `slug_of` → `slug_candidates` → (somebody asks Kick) → `read_lookup` → `subscriptions`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from vmsc_core.kick import json_values as read

LONGEST_SLUG = 64
"""Characters. Kick's own limit is 25; the rest is room for what Kick may allow one day."""

BLOCKED_PATIENCE = 300.0
"""Seconds before kick.com is asked again after a 403: the block stays for minutes and asking prolongs it."""

WEBSITES = ("kick.com", "www.kick.com", "m.kick.com")
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

_SCHEME = re.compile(r"(https?:)?//", re.IGNORECASE)
_ADDRESS = re.compile(_SCHEME.pattern + r"|([a-z0-9-]+\.)*kick\.com\.?([/:?#]|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Channel:
    """What a look-up (or the user) told. `live` is None when nobody knows; `followers` None when not told."""

    slug: str
    chatroom_id: int
    channel_id: int | None = None
    name: str = ""
    live: bool | None = None
    livestream_id: int | None = None
    title: str = ""
    followers: int | None = None


@dataclass(frozen=True)
class LookupTrouble:
    """A look-up that gave no channel.

    `kind` is unknown, blocked, country, busy, kick, portal or nonsense; `sentence` says what is wrong and what to do;
    `passing` whether trying again unchanged can help; `patience` how many seconds kick.com is not to be asked again.
    """

    kind: str
    sentence: str
    passing: bool
    patience: float = 0.0


@dataclass(frozen=True)
class BadName:
    """A username that no Kick channel can have; `sentence` says why and what to do."""

    sentence: str


@dataclass(frozen=True)
class Wanted:
    """One channel name to subscribe to, and whether Connected has to wait for its acknowledgement."""

    channel: str
    required: bool


def slug_of(username: str) -> str | BadName:
    """The slug in what a streamer typed: `name`, `@name`, `kick.com/name`, a whole address, any letter case."""
    typed = username.strip()
    if not typed:
        return BadName("Type your Kick username in Tools > Scripts, then press Connect.")
    found = _in_address(typed) if _ADDRESS.match(typed) else typed
    if isinstance(found, BadName):
        return found
    slug = found.lstrip("@").lower()
    if not re.fullmatch(r"[a-z0-9_-]+", slug, re.ASCII):
        return BadName("A Kick username has only letters, digits, _ and -. Correct it in Tools > Scripts, then press Connect.")
    if len(slug) > LONGEST_SLUG:
        return BadName("That name is too long for a Kick username. Correct it in Tools > Scripts, then press Connect.")
    return slug


def _in_address(address: str) -> str | BadName:
    """The channel's name in an address of Kick's website, as it stands there."""
    try:
        parts = urlsplit(address if _SCHEME.match(address) else "//" + address)
        host = (parts.hostname or "").lower().rstrip(".")
    except ValueError:
        return BadName("That is no address of a Kick channel. Type only the name, as in kick.com/name.")
    if host != "kick.com" and not host.endswith(".kick.com"):
        return BadName("That address is not on kick.com. Type only your Kick username, as in kick.com/name.")
    steps = [step for step in unquote(parts.path).split("/") if step]
    first = steps[0].lower() if steps else ""
    if first == "popout":  # kick.com/popout/name/chat, which streamers have open for their chat
        steps = steps[1:]
    if host not in WEBSITES or first in OWN_PAGES or not steps:
        return BadName("That address names no channel. Type your Kick username, as in kick.com/name.")
    return steps[0]


def slug_candidates(slug: str) -> tuple[str, ...]:
    """The spellings to look up one after the other: as given, then `_`→`-`, then `-`→`_` (Kick has both)."""
    return tuple(dict.fromkeys((slug, slug.replace("_", "-"), slug.replace("-", "_"))))


def read_lookup(slug: str, status: int, body: str, retry_after: float | None = None) -> Channel | LookupTrouble:
    """The Channel in an answer of `GET …/api/v2/channels/{slug}`, or what is wrong with it. Never raises.

    `status` is the HTTP status, `retry_after` the seconds of that header when there was one.
    """
    start = body[:2000].lstrip("\ufeff \t\r\n").lower()
    is_page = start.startswith("<")
    if status in (403, 401) or (is_page and ("just a moment" in start or "cf-chl" in start or "challenge-platform" in start)):
        return LookupTrouble(
            "blocked",
            "Kick blocks the look-up here. In Tools > Scripts take the steps 1, 2 and 3 once: Open look-up page, paste, use.",
            passing=False,
            patience=BLOCKED_PATIENCE,
        )
    if status in (404, 410):
        return LookupTrouble(
            "unknown",
            f"Kick knows no channel called {slug}. Check the spelling in Tools > Scripts, then press Connect.",
            passing=False,
        )
    if status in (423, 451):
        return LookupTrouble(
            "country",
            "Kick is blocked in this country, or this channel is. Paste the channel's ids in Tools > Scripts, Advanced.",
            passing=False,
            patience=BLOCKED_PATIENCE,
        )
    if status == 429:
        wait = min(max(retry_after or 60.0, 5.0), 3600.0)
        return LookupTrouble(
            "busy",
            "Kick asks for a pause before the next look-up. Nothing to do: it goes on by itself.",
            True,
            wait,
        )
    if status >= 500 and status != 511:  # 511 is what a sign-in page may answer
        return LookupTrouble(
            "kick",
            f"Kick's website has a problem (error {status}). Nothing to do: it goes on by itself.",
            True,
            min(retry_after or 5.0, 3600.0),
        )
    if 300 <= status < 400 or (status == 511) or is_page:
        return LookupTrouble(
            "portal",
            "A web page answered instead of Kick. If this network has a sign-in page, sign in with your browser.",
            True,
            5.0,
        )
    answer = read.parse(body) if status == 200 else None
    channel = _channel(read.mapping(answer), slug)
    if channel is None:
        return LookupTrouble(
            "nonsense",
            f"Kick's look-up answered something unexpected ({status}). If this stays, look for an update.",
            True,
            30.0,
        )
    return channel


def read_pasted(text: str, slug: str = "") -> Channel | str:
    """The Channel in what a user pasted, or a sentence saying what is wrong.

    Takes the whole JSON of the look-up page, or "channel id, chatroom id" as two numbers.
    """
    text = text.strip()
    if not text:
        return "Nothing is pasted yet. Press Open look-up page, copy all of the page, and paste it."
    # Not on a whole page: that pattern takes the square of the text's length.
    numbers = re.fullmatch(r"(\d{1,15})\s*[,;/\s]\s*(\d{1,15})", text, re.ASCII) if len(text) <= 100 else None
    if numbers:
        channel_id, chatroom_id = int(numbers.group(1)), int(numbers.group(2))
        if not channel_id or not chatroom_id:
            return "An id cannot be 0. Type the channel id and the chatroom id with a comma between."
        return Channel(slug, chatroom_id, channel_id, slug)
    # Browsers show JSON with a toolbar, so a copied page can have words around it.
    first, last = text.find("{"), text.rfind("}")
    answer = read.mapping(read.parse(text[first : last + 1])) if 0 <= first < last else {}
    channel = _channel(answer, slug)
    if channel is None:
        if "<html" in text[:500].lower() or "just a moment" in text[:500].lower():
            return "That is Kick's check for robots. Wait until the page shows text that begins with {, then copy all of it."
        return "That is not the look-up page. Copy all of it, from { to }, or type: channel id, chatroom id."
    if slug and channel.slug and channel.slug not in slug_candidates(slug) and channel.name.lower() != slug:
        return f"That page is about {channel.slug}, but the username above is {slug}. Correct one of them."
    return channel


def subscriptions(chatroom_id: int, channel_id: int | None) -> tuple[Wanted, ...]:
    """The five channel names of Kick's feed; without a channel id the three of the chatroom.

    `chatrooms.X` is asked for but not waited for: it carries only what others carry too.
    """
    rows = [Wanted(f"chatrooms.{chatroom_id}.v2", True), Wanted(f"chatroom_{chatroom_id}", True)]
    if channel_id is not None:
        rows += [Wanted(f"channel.{channel_id}", True), Wanted(f"channel_{channel_id}", True)]
    return (*rows, Wanted(f"chatrooms.{chatroom_id}", False))


def _channel(answer: dict[str, Any], slug: str) -> Channel | None:
    chatroom_id = read.whole(read.mapping(answer.get("chatroom")).get("id"))
    channel_id = read.whole(answer.get("id"))
    if not chatroom_id or not channel_id:
        return None
    stream = answer.get("livestream")
    running = read.mapping(stream)
    live: bool | None = None
    if "livestream" in answer and (stream is None or isinstance(stream, dict)):
        live = bool(running) and running.get("is_live") is not False
    followers = read.whole(answer.get("followers_count"))
    if followers is None:
        followers = read.whole(answer.get("followersCount"))
    found = read.text(answer.get("slug"), LONGEST_SLUG).lower()
    return Channel(
        slug=found if re.fullmatch(r"[a-z0-9_-]+", found, re.ASCII) else slug,
        chatroom_id=chatroom_id,
        channel_id=channel_id,
        name=" ".join(read.text(read.mapping(answer.get("user")).get("username"), LONGEST_SLUG).split()) or slug,
        live=live,
        livestream_id=read.whole(running.get("id")) if live else None,
        title=read.text(running.get("session_title"), 300),
        followers=followers,
    )
