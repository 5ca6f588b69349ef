"""The script of a rehearsal: about a minute in which everything happens that rules wait for. Pure; knows no clock and no link.

What the user's rules ask for shapes it: each command is written, each reward redeemed, and what is given is as much as the
highest threshold, so that a rule that doesn't fire has a reason worth reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Optional

from vmsc_core.rehearsal.frames import Frames, Viewer
from vmsc_core.rules.filters import REGEX
from vmsc_core.rules.rule import Rule
from vmsc_core.words import say

Cue = tuple[float, Optional[str]]
"""Seconds of silence, then a frame; None is the loss of the connection, which comes back after some attempts."""

FAN, NEWCOMER = Viewer("NightOwl", ("subscriber",)), Viewer("Bob99")
MODERATOR = Viewer("Anna_K", ("moderator", "vip", "og", "subscriber"))
STREAMER = Viewer("TheStreamer", ("broadcaster",))
ASKING = (NEWCOMER, MODERATOR, STREAMER)
CROWD = (FAN, NEWCOMER, Viewer("Cleo", ("vip",)), Viewer("Dana"), Viewer("Eli", ("og",)))
FOLLOWERS = 5678
REWARD = "Hydrate"

GIFTS, KICKS, VIEWERS, MONTHS = 20, 500, 25, 6
"""How much is given at least."""

MOST_GIFTS, MOST_NAMES = 10_000, 100
MOST_ASKED = 40
"""Commands, texts and rewards of the user's rules that find room, each."""

ASKED_SECONDS = 6.0
"""Seconds for all commands and texts together."""

FLOOD = 40
FLOOD_PAUSE = 0.04


def story(rules: Iterable[Rule], wall: float, language: str = "en") -> tuple[Cue, ...]:
    """All cues, in order. `wall` is when it begins, in unix seconds: frames say when they were sent."""
    frames = Frames(wall)
    cues: list[Cue] = []
    for pause, text in _told(frames, [rule for rule in rules if rule.on], language):
        frames.wall += pause
        cues.append((pause, text))
    return tuple(cues)


def seconds_of(cues: Iterable[Cue]) -> float:
    """How long the cues take, without the time that the connection is lost."""
    return sum(pause for pause, _ in cues)


def _told(kick: Frames, rules: list[Rule], language: str) -> Iterator[Cue]:
    hello = say("rule_sample_message", language)
    yield 1.5, kick.live(say("rehearsal_title", language))
    yield 1.5, kick.chat(FAN, hello)
    yield 0.8, kick.chat(NEWCOMER, "[emote:37232:PeepoClap] gg")
    yield 0.8, kick.chat(MODERATOR, hello)
    yield from _asked(kick, rules, hello)
    yield 1.5, kick.follow(None, FOLLOWERS + 1)
    yield 2.0, kick.follow(NEWCOMER.name, FOLLOWERS + 2)
    yield from _one_after_the_other(2.0, kick.subscription("Cleo", 1))
    yield from _one_after_the_other(2.0, kick.subscription(FAN.name, max(MONTHS, _most(rules, "subscription", 1200))))
    total = max(GIFTS, _most(rules, "gifted_subs", MOST_GIFTS))
    names = [f"Viewer{number:03d}" for number in range(1, 1 + min(total, MOST_NAMES))]
    yield from _one_after_the_other(2.5, kick.gift(FAN.name, names, total, chunks=4))
    yield 2.5, kick.kicks("Dana", max(KICKS, _most(rules, "kicks")), hello)
    for title in _titles(rules):
        yield 1.0, kick.reward("Eli", title, hello)
    yield from _one_after_the_other(2.0, kick.host("Cleo", max(VIEWERS, _most(rules, "host"))))
    yield 1.0, kick.chat(NEWCOMER, say("rehearsal_rude", language))
    gone = kick.last_id
    yield 1.0, kick.deleted(gone)
    yield 2.0, None
    for number in range(FLOOD):
        yield 1.0 if number == 0 else FLOOD_PAUSE, kick.chat(CROWD[number % len(CROWD)], f"{hello} {number + 1}")
    yield 2.5, kick.offline()


def _asked(kick: Frames, rules: list[Rule], hello: str) -> Iterator[Cue]:
    """What rules for chat wait for, each from somebody, a moderator, and the broadcaster."""
    asked: dict[str, None] = {}
    for rule in rules:
        if rule.trigger.kind == "command" and rule.trigger.word.strip():
            asked[f"{rule.trigger.word.split()[0]} {hello}"] = None
        elif rule.trigger.kind in ("chat", "first_message") and rule.filters.text and rule.filters.how != REGEX:
            asked[rule.filters.text] = None
    texts = list(asked)[:MOST_ASKED]
    for text in texts:
        for viewer in ASKING:
            yield min(0.8, ASKED_SECONDS / (len(ASKING) * len(texts))), kick.chat(viewer, text)


def _titles(rules: list[Rule]) -> list[str]:
    """The rewards that are redeemed."""
    asked = {rule.trigger.reward: None for rule in rules if rule.trigger.kind == "reward" and rule.trigger.reward.strip()}
    return list(asked)[:MOST_ASKED] or [REWARD]


def _most(rules: list[Rule], kind: str, limit: int = 10_000_000) -> int:
    """The highest threshold of the rules with this trigger."""
    return min(limit, max((rule.filters.at_least for rule in rules if rule.trigger.kind == kind), default=0))


def _one_after_the_other(pause: float, texts: list[str]) -> Iterator[Cue]:
    for place, text in enumerate(texts):
        yield 0.05 if place else pause, text
