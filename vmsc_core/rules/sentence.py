"""A rule as one plain sentence: "On · When someone gifts at least 5 subs, show Confetti for 8 s, at most once in 30 s".

Knows no widget. The words are in words/, where rule_when_…, rule_do_…, rule_who_… and rule_text_… are put together here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vmsc_core.reasons import Value
from vmsc_core.rules.actions import SAVED_AS as ACTION_IDS
from vmsc_core.rules.actions import Action, SetVolume, ShowSource, SwitchScene, Wait
from vmsc_core.rules.filters import ALWAYS, ANYONE, NOT_THESE, THESE
from vmsc_core.rules.rule import KINDS, Rule
from vmsc_core.words import cut, say

LONGEST = 300
"""Characters of a sentence; a page's line may need less."""

MOST_NAMES = 3
"""Names that a sentence lists."""

_Say = Callable[..., str]


def sentence(rule: Rule, language: str = "en") -> str:
    """`rule` in words, on one line of at most LONGEST characters."""

    def words(key: str, **values: Value) -> str:
        return say(key, language, **values)

    on = words("rule_on" if rule.on else "rule_off")
    what = words("rule_named", name=rule.name, rule=_whole(rule, words)) if rule.name else _whole(rule, words)
    return cut(f"{on}  \u00b7  {what}", LONGEST)


def when(rule: Rule, language: str = "en") -> str:
    """The first half alone, without "When": what the rule waits for."""
    return _when(rule, lambda key, **values: say(key, language, **values))


def do(action: Action, language: str = "en") -> str:
    """One action in words: "show Confetti for 8 s"."""
    return _do(action, lambda key, **values: say(key, language, **values))


def _whole(rule: Rule, words: _Say) -> str:
    actions = [_do(action, words) for action in rule.actions]
    done = words("rule_then").join(actions) if actions else words("rule_nothing")
    return words("rule_sentence", when=_when(rule, words), actions=done, limits="".join(_limits(rule, words)))


def _when(rule: Rule, words: _Say) -> str:
    trigger, filters = rule.trigger, rule.filters
    kind = KINDS[trigger.kind]
    ending = "_least" if kind.amount and filters.at_least > 1 else ""
    variant = f"_{trigger.which}" if trigger.kind == "subscription" else ""
    if trigger.kind == "reward" and not trigger.reward:
        variant = "_any"
    if trigger.kind == "connection" and trigger.seconds:
        variant = "_held"
    key = f"rule_when_{trigger.kind}{variant}{ending}"
    text = words(
        key,
        who=_who(rule, words),
        word=trigger.word,
        reward=trigger.reward,
        least=f"{filters.at_least:,}",
        status=words(f"status_{trigger.status}"),
        seconds=_number(trigger.seconds),
    )
    has_text = "text" in kind.filters and filters.text
    return text + (words(f"rule_text_{filters.how}", text=filters.text) if has_text else "")


def _who(rule: Rule, words: _Say) -> str:
    filters = rule.filters
    if "who" not in KINDS[rule.trigger.kind].filters or filters.who == ANYONE:
        return words("rule_who_anyone")
    if filters.who not in (THESE, NOT_THESE):
        return words(f"rule_who_{filters.who}")
    listed = words("rule_or").join(filters.names[:MOST_NAMES]) or words("rule_who_nobody")
    more = len(filters.names) - MOST_NAMES
    names = words("rule_and_more", names=listed, count=more) if more > 0 else listed
    return names if filters.who == THESE else words("rule_who_not_names", names=names)


def _limits(rule: Rule, words: _Say) -> list[str]:
    filters, applies = rule.filters, KINDS[rule.trigger.kind].filters
    limits = []
    if filters.chance < 100:
        limits.append(words("rule_limit_chance", percent=filters.chance))
    if filters.cooldown:
        limits.append(words("rule_limit_cooldown", seconds=_number(filters.cooldown)))
    if filters.cooldown_each and "cooldown_each" in applies:
        limits.append(words("rule_limit_cooldown_each", seconds=_number(filters.cooldown_each)))
    if filters.only != ALWAYS:
        limits.append(words("rule_limit_only", only=words(f"rule_only_{filters.only}")))
    if filters.scene:
        limits.append(words("rule_limit_scene", scene=filters.scene))
    if filters.hold and "hold" in applies:
        limits.append(words("rule_limit_hold", seconds=_number(filters.hold)))
    return limits


def _do(action: Action, words: _Say) -> str:
    saved = ACTION_IDS.get(type(action))
    if saved is None:
        return words("rule_nothing")
    values: dict[str, Any] = {name: _shown(value, words) for name, value in vars(action).items()}
    ending = ""
    seconds = getattr(action, "seconds" if isinstance(action, ShowSource) else "back_after", None)
    if isinstance(action, (ShowSource, SwitchScene)):
        ending = "_for" if seconds else ""
    elif isinstance(action, SetVolume) and action.fade_ms:
        ending = "_fade"
        values["seconds"] = _number(action.fade_ms / 1000)
    elif isinstance(action, Wait):
        values["seconds"] = _number(action.seconds)
    elif hasattr(action, "do"):
        ending = f"_{action.do}"
    text = words(f"rule_do_{saved}{ending}", **values)
    scene = getattr(action, "scene", "")
    return text + (words("rule_in_scene", scene=scene) if scene and not isinstance(action, SwitchScene) else "")


def _shown(value: Any, words: _Say) -> str:
    if isinstance(value, float):
        return _number(value)
    return str(value) if value not in ("", None) else words("rule_not_chosen")


def _number(seconds: float) -> str:
    """8 for 8.0, 0.5 for 0.5."""
    return f"{round(seconds, 1):g}"
