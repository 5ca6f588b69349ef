"""Why a rule did not fire, as a Reason: for "Try it" and Rehearse. Knows no event."""

from __future__ import annotations

from dataclasses import dataclass

from vmsc_core.reasons import Reason, because
from vmsc_core.rules.rule import Rule

OFF, PAUSED, NO_ACTIONS, TROUBLE, NEVER_ASKED = "off", "paused", "no_actions", "trouble", "never_asked"
COOLDOWN, COOLDOWN_EACH, CHANCE, THINNED, OTHER = "cooldown", "cooldown_each", "chance", "thinned", "other"
ALWAYS, CONNECTED, OURS = "always", "connected", "ours"
"""What isn't so: it doesn't always fire, Kick isn't connected, the rules are a stranger's."""


@dataclass(frozen=True)
class Outcome:
    """How often a rule has fired since the counts began, and what kept it from firing the last time it could have."""

    rule_id: str
    fired: int
    reason: Reason | None


def reason(code: str, rule: Rule, left: float = 0.0, trouble: Reason | None = None) -> Reason | None:
    """The Reason for a code of Rulebook or Gate.blocked; None for "" (it fired). `left` is what is left of a cooldown."""
    if not code:
        return None
    if code == TROUBLE and trouble is not None:
        return trouble
    filters = rule.filters
    if code == "text":
        return because("rule_not_text", text=filters.text)
    if code == "at_least":
        return because("rule_not_at_least", least=f"{filters.at_least:,}")
    if code == "only":
        return because("rule_not_only", only=because(f"rule_only_{filters.only}"))
    if code == "scene":
        return because("rule_not_scene", scene=filters.scene)
    if code in (CHANCE, ALWAYS):
        return because(f"rule_not_{code}", percent=filters.chance)
    if code in (COOLDOWN, COOLDOWN_EACH):
        return because(f"rule_not_{code}", seconds=max(1, round(left)))
    return because(f"rule_not_{code}")
