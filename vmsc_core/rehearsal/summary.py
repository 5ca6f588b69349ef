"""What a rehearsal showed: which rules fired, which did not, and why. Pure; a list of Reasons for the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vmsc_core.reasons import Reason, because
from vmsc_core.rules.explain import Outcome
from vmsc_core.rules.rule import Rule
from vmsc_core.rules.sentence import when

MOST_LINES = 12
"""Rules that are listed; those that need a look come first."""

NO_TROUBLES: Mapping[str, Reason] = {}


def summary(
    outcomes: Iterable[Outcome],
    rules: Sequence[Rule],
    troubles: Mapping[str, Reason] = NO_TROUBLES,
    was_stopped: bool = False,
    language: str = "en",
) -> list[Reason]:
    """The headline, then a line for each rule. `troubles` says, by a rule's ID, why one of its actions could not be done."""
    found = {outcome.rule_id: outcome for outcome in outcomes}
    rows = [(rule, found[rule.id]) for rule in rules if rule.id in found]
    if not rows:
        return [because("rehearsal_no_rules")]
    fired = sum(1 for _, outcome in rows if outcome.fired)
    key = "rehearsal_stopped" if was_stopped else "rehearsal_over"
    rows.sort(key=lambda row: _order(row[0], row[1], troubles))  # sort is stable: the user's own order within each part
    lines = [_line(rule, outcome, troubles.get(rule.id), language) for rule, outcome in rows[:MOST_LINES]]
    more = len(rows) - MOST_LINES
    return [
        because(key, fired=f"{fired:,}", rules=f"{len(rows):,}"),
        *lines,
        *([because("rehearsal_more_one" if more == 1 else "rehearsal_more_many", count=f"{more:,}")] if more > 0 else []),
    ]


def _order(rule: Rule, outcome: Outcome, troubles: Mapping[str, Reason]) -> int:
    if not rule.on:
        return 3
    return 0 if not outcome.fired else 1 if rule.id in troubles else 2


def _line(rule: Rule, outcome: Outcome, trouble: Reason | None, language: str) -> Reason:
    what = rule.name or when(rule, language)
    if not outcome.fired:
        return because("rehearsal_not", rule=what, reason=outcome.reason or because("rule_not_never_asked"))
    if trouble is not None:
        return because("rehearsal_trouble", rule=what, reason=trouble)
    if outcome.fired == 1:
        return because("rehearsal_fired_one", rule=what)
    return because("rehearsal_fired_many", rule=what, count=f"{outcome.fired:,}")
