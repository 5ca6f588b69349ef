"""State → Card: texts and colors. Knows no OBS; a color is 0xRRGGBB with an alpha of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from vmsc_core.events import Status
from vmsc_core.host import Host
from vmsc_core.placeholders import fill
from vmsc_core.settings import ALWAYS, EVENTS, FOLLOWERS, FULL, LATEST, NEVER, TALLY, Choices
from vmsc_core.state import State
from vmsc_core.words import count, say

PULSE_SECONDS = 1.6
"""One pulse of the dot, from bright to dim to bright."""

DIMMEST = 140
"""Alpha of a pulsing dot at its dimmest, of 255."""

NAME_CHARACTERS = 28
"""Longer names are cut; Kick's own limit is 25."""

LINE_CHARACTERS = 52
"""About how many characters of the small text fit on one line of the card."""

MOST_LINES = 3

TEMPLATE_CHARACTERS = 500
"""What is longer than that was pasted by mistake."""

SHORT_DROP = 5.0
"""Seconds in which a connection may come back without that viewers were told."""

NOTICE_SECONDS = 20.0
"""How long a notice stays on the card after a connection."""


DARK, WHITE, PALE = 0x101318, 0xFFFFFF, 0xE2E6EC
"""The panel, the name, and the lines below it."""

ACCENTS: dict[str, int] = {
    "lime": 0x53FC18,
    "white": 0xFFFFFF,
    "sky": 0x38BDF8,
    "violet": 0xA78BFA,
    "pink": 0xF472B6,
    "gold": 0xFACC15,
}
"""The choice → the color of the bar."""

OPACITIES: dict[str, int] = {"solid": 255, "dense": 250, "clear": 242}
"""The choice → the panel's alpha. OBS blends in linear light: 230 over a white scene looks like 70 %, 250 like 90 %."""


@dataclass(frozen=True)
class Look:
    """How one status looks: color 0xRRGGBB, and whether the dot pulses. Its name is in words/ under status_…."""

    color: int
    pulses: bool


LOOKS: dict[Status, Look] = {
    Status.DISCONNECTED: Look(0x8A8F98, False),
    Status.CONNECTING: Look(0xFFD21F, True),
    Status.CONNECTED: Look(0x53FC18, False),
    Status.LIVE: Look(0x53FC18, True),
    Status.RECONNECTING: Look(0xFF8A1F, True),
    Status.ERROR: Look(0xFF3B3B, False),
}


@dataclass(frozen=True)
class Card:
    """What is to be seen. `detail` has up to three lines, `alpha` is 0–255, `line` is as much of `detail` as the layout shows.

    `copied` is what the user's template has become, empty without one.
    """

    name: str
    title: str
    detail: str
    color: int
    alpha: int
    status: Status = Status.DISCONNECTED
    line: str = ""
    copied: str = ""
    is_marked: bool = False
    """Whether it is none of the truth, and says so: a preview, a rehearsal."""

    @property
    def badge(self) -> str:
        """The state's word as it stands in the badge."""
        return self.title.upper()

    @property
    def is_outlined(self) -> bool:
        """Whether the badge is a line around letters of its color; else it is filled, and the letters are dark."""
        return self.status is Status.CONNECTED

    @property
    def letters(self) -> int:
        """The color of the letters in the badge, 0xRRGGBB."""
        return self.color if self.is_outlined else DARK

    @property
    def summary(self) -> str:
        """What a text source of the user's gets: everything in one text, or what the template says."""
        return self.copied or "\n".join(part for part in (self.name, self.title, self.detail) if part)


def render(state: State, choices: Choices, host: Host, now: float) -> Card:
    """The card for `state` at `now` (monotonic seconds), in the language chosen, as `host` lets viewers see it."""
    seen = as_seen(state, choices, host, now)
    look, language = LOOKS[seen.status], choices.language
    name = seen.name or say("card_no_name", language)
    if len(name) > NAME_CHARACTERS:
        name = name[: NAME_CHARACTERS - 1] + "\u2026"
    title = say(f"status_{seen.status.name.lower()}", language)
    detail, line = _detail(seen, choices, host, now), ""
    copied, template = "", choices.text_template[:TEMPLATE_CHARACTERS]
    if template:
        copied = fill(template, _words(seen, name, title, language, now))
    if choices.mark:  # whatever else there is to say: nobody must take it for true
        line = say(choices.mark, language)
        detail, copied = _below(detail, line), copied and _below(copied, line)
    if choices.card_layout == FULL:
        line = detail
    elif not line and seen.status in (Status.CONNECTED, Status.LIVE):
        line = uptime(seen, now)
    alpha, is_marked = pulse(now) if look.pulses else 255, bool(choices.mark)
    return Card(name, title, detail, look.color, alpha, seen.status, line, copied, is_marked)


def _below(text: str, line: str) -> str:
    return f"{text}\n{line}" if text else line


def _words(seen: State, name: str, title: str, language: str, now: float) -> dict[str, str]:
    """What the words of a template stand for."""
    followers = say("card_unknown", language) if seen.followers is None else f"{seen.followers:,}"
    return {"name": name, "state": title, "count": f"{seen.count:,}", "uptime": uptime(seen, now), "followers": followers}


def as_seen(state: State, choices: Choices, host: Host, now: float) -> State:
    """What viewers are to take for the state: on air, a connection that has just been lost still stands."""
    drop = state.drop
    if drop is None or not host.on_air or choices.card_problems == ALWAYS or state.status is not Status.RECONNECTING:
        return state
    return replace(state, status=drop.status, since=drop.since) if now - drop.at < SHORT_DROP else state


def uptime(state: State, now: float) -> str:
    """How long the connection has been there, as `duration` says it."""
    return duration(now - state.since if state.since is not None else 0.0)


def pulse(now: float) -> int:
    """The alpha of a pulsing dot at `now`: 255 at whole pulses, DIMMEST half-way."""
    wave = (1 + math.cos(2 * math.pi * ((now / PULSE_SECONDS) % 1.0))) / 2
    return round(DIMMEST + (255 - DIMMEST) * wave)


def duration(seconds: float) -> str:
    """Like "0:42" or "1:02:03": minutes and seconds, hours when there are any; never negative."""
    whole = max(0, int(seconds))
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


def wrap(text: str, width: int = LINE_CHARACTERS, lines: int = MOST_LINES) -> str:
    """`text` in at most `lines` lines of about `width` characters; what does not fit ends in an ellipsis.

    Done here because OBS's two kinds of text source wrap differently, and one of them not at all inside a group.
    """
    rows: list[str] = []
    row = ""
    for word in text.split():
        while len(word) > width:  # a word as long as a line, e.g. a command
            rows, row, word = ([*rows, row], word[:width], word[width:]) if row else (rows, word[:width], word[width:])
        if row and len(row) + 1 + len(word) > width:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}" if row else word
    rows = [*rows, row] if row else rows
    if len(rows) > lines:
        rows = [*rows[: lines - 1], rows[lines - 1][: width - 1].rstrip() + "\u2026"]
    return "\n".join(rows)


def _detail(state: State, choices: Choices, host: Host, now: float) -> str:
    language, shows_problems = choices.language, choices.card_problems != NEVER
    if choices.card_problems != ALWAYS and host.on_air:
        shows_problems = False
    if state.status in (Status.CONNECTED, Status.LIVE):
        return _connected(state, choices, shows_problems, now)
    if state.status is Status.DISCONNECTED:  # an instruction for the streamer: never for viewers
        is_for_viewers = host.on_air or not shows_problems
        return "" if is_for_viewers else say("card_press_connect" if state.name else "card_set_up", language)
    if not shows_problems:
        return ""
    if state.status is Status.RECONNECTING:
        return _reconnecting(state, language, now)
    if state.status is Status.ERROR:
        return wrap(say(state.reason, language)) if state.reason else ""
    return say("card_opening", language)


def _reconnecting(state: State, language: str, now: float) -> str:
    if state.retry_at is not None and state.retry_at > now:
        seconds = math.ceil(state.retry_at - now)
        first = say("card_retrying", language, seconds=seconds, attempt=state.attempt + 1)
    else:
        first = say("card_trying", language, attempt=max(1, state.attempt))
    return f"{first}\n{wrap(say(state.reason, language), lines=2)}" if state.reason else first


def _connected(state: State, choices: Choices, shows_problems: bool, now: float) -> str:
    language = choices.language
    up = now - state.since if state.since is not None else 0.0
    first = _second_line(state, choices, now)
    if state.notice and up < NOTICE_SECONDS and shows_problems:
        return f"{first}\n{wrap(say(state.notice, language), lines=2)}"
    if state.followers is None or choices.card_line != EVENTS:
        return first
    return f"{first}\n{count('card_followers', state.followers, language)}"


def _second_line(state: State, choices: Choices, now: float) -> str:
    """The line below the name that the user chose; the default where there is nothing to say of the chosen kind yet."""
    language, tally = choices.language, state.tally
    if choices.card_line == TALLY:
        return say(
            "card_tally",
            language,
            follows=count("card_follows", tally.follows, language),
            subs=count("card_subs", tally.subs, language),
            gifts=count("card_gifts", tally.gifts, language),
        )
    if choices.card_line == LATEST and tally.latest is not None:
        return say(tally.latest, language)
    if choices.card_line == FOLLOWERS and state.followers is not None:
        return count("card_followers", state.followers, language)
    events = count("card_events", state.count, language)
    return say("card_connected_for", language, events=events, uptime=uptime(state, now))
