"""What the page says of a rehearsal."""

from __future__ import annotations

from vmsc_core.reasons import because
from vmsc_core.rehearsal.summary import MOST_LINES, summary
from vmsc_core.rules.actions import SetText
from vmsc_core.rules.explain import Outcome
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.words import say

ONE = Rule("a", "Confetti", actions=(SetText("x", "y"),))
OTHER = Rule("b", trigger=Trigger("host"), actions=(SetText("x", "y"),))
OFF = Rule("c", "Old", on=False)


def said(*outcomes: Outcome, rules: tuple[Rule, ...] = (ONE, OTHER, OFF), **more: object) -> list[str]:
    return [say(reason) for reason in summary(outcomes, rules, **more)]  # type: ignore[arg-type]


def test_it_says_which_rules_fired_and_why_others_did_not() -> None:
    waits = because("rule_not_cooldown", seconds=9)
    assert said(Outcome("a", 1, None), Outcome("b", 0, waits), Outcome("c", 0, because("rule_not_off"))) == [
        "The rehearsal is over: 1 of 3 rules fired.",
        "someone hosts you: didn't fire. It fired a moment ago and waits 9 s more.",
        "Confetti: fired once.",
        "Old: didn't fire. The rule is off.",
    ]


def test_a_missing_source_is_said_of_a_rule_that_fired() -> None:
    trouble = {"a": because("rule_no_source", source="Gone")}
    assert said(Outcome("a", 3, None), Outcome("b", 2, None), rules=(OTHER, ONE), troubles=trouble)[1:] == [
        "Confetti: fired, but not all of it was done. There's no source called Gone of the right kind.",
        "someone hosts you: fired 2 times.",
    ]


def test_a_rehearsal_that_was_stopped_says_so() -> None:
    assert said(Outcome("a", 0, because("rule_not_never_asked")), rules=(ONE,), was_stopped=True) == [
        "The rehearsal was stopped: 0 of 1 rules had fired.",
        "Confetti: didn't fire. Nothing of that kind happened.",
    ]


def test_without_rules_there_is_one_line() -> None:
    assert said(rules=()) == ["The rehearsal is over. There were no rules."]


def test_many_rules_are_cut_with_those_that_need_a_look_first() -> None:
    rules = tuple(Rule(str(number), f"Rule {number}") for number in range(30))
    outcomes = [Outcome(rule.id, int(rule.id != "29"), None) for rule in rules]
    lines = said(*outcomes, rules=rules)
    assert len(lines) == 1 + MOST_LINES + 1
    assert lines[1].startswith("Rule 29: didn't fire.") and lines[-1] == "And 18 more rules."
    assert said(*outcomes[: MOST_LINES + 1], rules=rules)[-1] == "And one more rule."
