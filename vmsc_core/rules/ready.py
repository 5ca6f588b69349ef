"""Ready-made rules: each with what it needs in OBS. Knows no OBS: that is made elsewhere, and never over the user's own.

Where a source of a Need's name and kind is there already, it is used as it is; where another kind of thing has that name, the
one who makes it takes another name and puts that into the rules (`added`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from vmsc_core.rules.actions import Action, AddLine, HideSource, SaveReplay, SetText, ShowAlert, ShowSource, ToggleSource
from vmsc_core.rules.filters import Filters
from vmsc_core.rules.rule import Rule, Trigger, new_id
from vmsc_core.words import say

TEXT, ALERT = "text", "alert"
"""Kinds of Need: a text source, and the group that Add alert builds."""

CHAT_SOURCE, BANNER_SOURCE, BREAK_SOURCE, GREETING_SOURCE = "Kick chat", "Kick reconnecting", "Kick break", "Kick greeting"
"""Names of sources in OBS, saved with the scenes: the same in every language."""


@dataclass(frozen=True)
class Need:
    """Something in the current scene. An ALERT has no name here; a TEXT is made with `text`, and hidden unless `visible`.

    `em`, `x`, `y` and `width` are px of a canvas 720 high: the font's size, where the text begins, and where its lines are
    wrapped (0: nowhere).
    """

    kind: str
    name: str = ""
    text: str = ""
    visible: bool = False
    em: float = 30.0
    x: int = 40
    y: int = 40
    width: int = 0


@dataclass(frozen=True)
class Ready:
    """Rules without IDs (see `added`), and what they need. `replay`: the replay buffer must be on."""

    rules: tuple[Rule, ...]
    needs: tuple[Need, ...] = ()
    replay: bool = False


def ready(key: str, language: str = "en") -> Ready | None:
    """The ready-made rules of that key; None when there are none."""
    make = READY.get(key)
    return make(language) if make is not None else None


def added(made: Ready, existing: Iterable[Rule], names: Mapping[str, str] | None = None) -> tuple[Rule, ...]:
    """Its rules as they are added to `existing`: with their IDs, and with `names` of sources: here → in OBS."""
    taken = list(existing)
    for rule in made.rules:
        actions = tuple(_renamed(action, names or {}) for action in rule.actions)
        taken.append(replace(rule, id=new_id(taken), actions=actions))
    return tuple(taken[len(taken) - len(made.rules) :])


def _renamed(action: Action, names: Mapping[str, str]) -> Action:
    source = getattr(action, "source", "")
    changed: Any = {"source": names[source]} if source in names else {}
    return replace(action, **changed)


def _rule(key: str, language: str, trigger: Trigger, *actions: Action, filters: Filters | None = None) -> Rule:
    return Rule("", say(f"ready_{key}", language), True, trigger, filters or Filters(), actions)


def _alert(key: str, trigger: Trigger) -> Callable[[str], Ready]:
    def make(language: str) -> Ready:
        alert = ShowAlert("{user}", say(f"ready_{key}_text", language))
        return Ready((_rule(key, language, trigger, alert),), (Need(ALERT),))

    return make


def _break(language: str) -> Ready:
    trigger, filters = Trigger("command", word="!brb"), Filters(who="moderator")
    need = Need(TEXT, BREAK_SOURCE, say("ready_break_text", language), em=56.0, y=300)
    return Ready((_rule("break", language, trigger, ToggleSource(BREAK_SOURCE), filters=filters),), (need,))


def _chat_feed(language: str) -> Ready:
    # Held for a second: a moderator, or a bot, deletes what must not be seen within it.
    add = AddLine(CHAT_SOURCE, "{user}: {message}", 8)
    rule = _rule("chat_feed", language, Trigger("chat"), add, filters=Filters(hold=1.0))
    return Ready((rule,), (Need(TEXT, CHAT_SOURCE, visible=True, em=20.0, y=440, width=420),))


def _replay(language: str) -> Ready:
    rule = _rule("replay", language, Trigger("gifted_subs"), SaveReplay(), filters=Filters(at_least=10, cooldown=30.0))
    return Ready((rule,), replay=True)


def _banner(language: str) -> Ready:
    show = _rule("banner", language, Trigger("connection", status="reconnecting", seconds=10.0), ShowSource(BANNER_SOURCE))
    hide = _rule("banner_end", language, Trigger("connection", status="connected"), HideSource(BANNER_SOURCE))
    return Ready((show, hide), (Need(TEXT, BANNER_SOURCE, say("ready_banner_text", language)),))


def _greeting(language: str) -> Ready:
    text = say("ready_greeting_text", language, user="{user}")
    actions = (SetText(GREETING_SOURCE, text), ShowSource(GREETING_SOURCE, seconds=6.0))
    rule = _rule("greeting", language, Trigger("first_message"), *actions, filters=Filters(cooldown=10.0))
    return Ready((rule,), (Need(TEXT, GREETING_SOURCE, y=100),))


READY: Mapping[str, Callable[[str], Ready]] = {
    "follow": _alert("follow", Trigger("follow")),
    "sub": _alert("sub", Trigger("subscription")),
    "gift": _alert("gift", Trigger("gifted_subs")),
    "break": _break,
    "chat_feed": _chat_feed,
    "replay": _replay,
    "banner": _banner,
    "greeting": _greeting,
}
"""Key → what makes it in a language, in the order of the page's list; its title is in words/ under ready_KEY."""
