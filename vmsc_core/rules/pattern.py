r"""Regular expressions that can't stall a turn of OBS's timer. Knows no rule.

Python's `re` tries one way after the other, and a pattern such as (a+)+$ has more ways through 30 letters than a stream has
seconds. It can't be interrupted, and it holds the GIL, so OBS's frame would wait with it. So a pattern is judged before it is
ever used: its parse tree is walked, and `_Cost` adds up how many steps `re` can need at the very most with a text of
LONGEST_TEXT characters. What can need more than MOST_STEPS is refused, and so are references back to a group, which no such sum
covers. Texts are cut at LONGEST_TEXT, and where the worst of them could take more than budget.LONGEST_SEARCH, further in front.
That refuses repeats inside repeats ((a+)+), repeats of what can match in several ways
((a|a)*), and several open repeats that can share the same characters (.*a.*b.*c); \w+ \w+ is fine, because only one place can
be the space. A turn's budget (budget.py) sees to it that a flood of texts can't add up either.
"""

from __future__ import annotations

import re
import warnings
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from vmsc_core.reasons import Reason, because
from vmsc_core.rules.budget import LONGEST_SEARCH

sre: Any = vars(re).get("_parser") or vars(re)["sre_parse"]
"""The parser of `re`; before Python 3.11 it went by the second name."""

LONGEST_PATTERN = 200
"""Characters of a pattern."""

LONGEST_TEXT = 500
"""Characters of a text that are looked at: Kick's own limit for a chat message."""

MOST_STEPS = 2_000_000
"""Steps of one search of LONGEST_TEXT characters, of which a pattern that needs more is refused."""

A_STEP = 10e-9
"""Seconds: hardly any takes longer on an ordinary computer, most take a tenth."""

LENGTHS = (8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 480, LONGEST_TEXT)
"""Characters for which the steps are counted; a text is taken for the next longer one."""

_TOO_MANY = 10**12
"""Where counting stops."""

_SPECIAL = "\u017f\u212a\u0130\u0131"
"""Letters outside of ASCII that are equal to one inside of it where case doesn't count: a long s, Kelvin, and the Turkish i."""

_APART = {frozenset(pair) for pair in (("DIGIT", "SPACE"), ("WORD", "SPACE"))}
_APART |= {frozenset((name, "NOT_" + name)) for name in ("DIGIT", "SPACE", "WORD")} | {frozenset(("DIGIT", "NOT_WORD"))}
"""Categories that share no character."""


@dataclass(frozen=True)
class Pattern:
    """A pattern that may be used. `seconds` are what texts as long as LENGTHS can take, as far as one is looked at."""

    regex: re.Pattern[str]
    seconds: tuple[float, ...]

    @property
    def longest(self) -> int:
        """Characters of a text that are looked at."""
        return LENGTHS[len(self.seconds) - 1]

    def worst(self, text: str) -> float:
        """Seconds that `found_in(text)` can take at most."""
        return self.seconds[bisect_left(LENGTHS, len(text), 0, len(self.seconds) - 1)]

    def found_in(self, text: str) -> bool:
        """Whether the pattern is found anywhere in the first `longest` characters."""
        return self.regex.search(text[: self.longest]) is not None


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Pattern | Reason:
    """The pattern, in any case of letters, or why it can't be used. Never raises."""
    if len(pattern) > LONGEST_PATTERN:
        return because("rule_pattern_long", most=LONGEST_PATTERN)
    core = _core(pattern)
    try:
        with warnings.catch_warnings():  # "Possible nested set" would be a line in OBS's log window
            warnings.simplefilter("ignore")
            tree = sre.parse(core, re.IGNORECASE)
            counts = tuple(_Cost(length).of_search(tree) for length in LENGTHS)
            fitting = tuple(count * A_STEP for count in counts if count * A_STEP <= LONGEST_SEARCH)
            if counts[-1] > MOST_STEPS or not fitting:
                return because("rule_pattern_slow")
            return Pattern(re.compile(core, re.IGNORECASE), fitting)
    except _BackReferenceError:
        return because("rule_pattern_slow")
    except (re.error, OverflowError, RecursionError, ValueError) as error:
        return because("rule_pattern_wrong", problem=getattr(error, "msg", "") or type(error).__name__)


def _core(pattern: str) -> str:
    """`pattern` without .* around it: a search finds the same without, and needs far fewer steps."""
    while re.match(r"\.\*(?![?+*{])", pattern):
        pattern = pattern[2:]
    while re.search(r"(?<!\\)\.\*$", pattern):
        pattern = pattern[:-2]
    return pattern


class _BackReferenceError(Exception):
    """The pattern refers to a group's text."""


class _Cost:
    """How many steps at most. A part's cost is (steps to try all its ways, how many ways it has to match from one place)."""

    def __init__(self, length: int = LONGEST_TEXT) -> None:
        self._n = length

    def of_search(self, tree: Any) -> int:
        """Steps of a search for the whole pattern: a try at every place, unless it can only begin at the first."""
        steps, _ = self._sequence(tree)
        first: Any = tree[0] if len(tree) else None
        is_multiline = bool(tree.state.flags & re.MULTILINE)
        begins = first is not None and first[0] is sre.AT
        if begins and (first[1] is sre.AT_BEGINNING_STRING or (first[1] is sre.AT_BEGINNING and not is_multiline)):
            return min(_TOO_MANY, int(steps) + self._n + 1)
        return min(_TOO_MANY, int(steps) * (self._n + 1))

    def _sequence(self, items: Any) -> tuple[int, int]:
        steps, ways, before = 1, 1, 1
        previous: Any = None
        for item in items:
            item_steps, item_ways = self._item(item)
            # Where a run of one class must end at a character outside of it, only one of its ends goes on.
            is_once = previous is not None and _apart(_repeated_class(previous), _first_class(item))
            starts = before if is_once else ways
            steps = min(_TOO_MANY, steps + (ways if is_once else 0) + starts * item_steps)
            before, ways = starts, min(_TOO_MANY, starts * item_ways)
            previous = item
        return steps, ways

    def _item(self, item: Any) -> tuple[int, int]:
        kind, value = item
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            return self._repeat(*value)
        if kind is sre.SUBPATTERN:
            return self._sequence(value[3])
        if kind is sre.BRANCH:
            return self._branch(value[1])
        if kind in (sre.ASSERT, sre.ASSERT_NOT):
            return self._sequence(value[1])[0], 1
        if kind is sre.IN:
            return 1, 1
        if kind in (sre.GROUPREF, sre.GROUPREF_EXISTS):
            raise _BackReferenceError
        if str(kind) == "ATOMIC_GROUP":  # Python 3.11 and later
            return self._sequence(value)[0], 1
        if str(kind) == "POSSESSIVE_REPEAT":
            return self._repeat(*value)[0], 1
        return 1, 1

    def _branch(self, branches: Any) -> tuple[int, int]:
        costs = [self._sequence(branch) for branch in branches]
        firsts = [_first_letter(branch) for branch in branches]
        is_one_at_most = None not in firsts and len(set(firsts)) == len(firsts)
        ways = [cost[1] for cost in costs]
        return len(costs) + sum(cost[0] for cost in costs), max(ways) if is_one_at_most else sum(ways)

    def _repeat(self, low: int, high: Any, items: Any) -> tuple[int, int]:
        narrowest = items.getwidth()[0]
        most = int(low) if high is sre.MAXREPEAT else int(high)
        if narrowest:  # so often it fits into the text
            most = min(self._n if high is sre.MAXREPEAT else most, self._n // narrowest)
        elif high is sre.MAXREPEAT:
            most = max(most, self._n)
        item_steps, item_ways = self._sequence(items)
        if item_ways == 1:
            one = 1 if len(items) == 1 and (items[0][0] is sre.ANY or _as_class(items[0]) is not None) else item_steps
            return min(_TOO_MANY, (most + 1) * one), most - min(int(low), most) + 1
        steps = ways = 0
        power = 1
        for time in range(most + 1):
            steps, ways = steps + power * item_steps, ways + (power if time >= low else 0)
            power *= item_ways
            if steps > _TOO_MANY:
                return _TOO_MANY, _TOO_MANY
        return steps, max(1, ways)


def _repeated_class(item: Any) -> Any:
    """The one class of characters that this item repeats, greedily or not; None for anything else."""
    if item[0] in (sre.MAX_REPEAT, sre.MIN_REPEAT) and len(item[1][2]) == 1:
        return _as_class(item[1][2][0])
    return None


def _first_class(item: Any) -> Any:
    """The class of characters that this item must begin with; None where it can be empty or isn't as plain as that."""
    if item[0] in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return _repeated_class(item) if item[1][0] >= 1 else None
    return _as_class(item)


def _as_class(item: Any) -> Any:
    if item[0] is sre.IN:
        return item[1]
    return [item] if item[0] in (sre.LITERAL, sre.NOT_LITERAL) else None


def _apart(one: Any, other: Any) -> bool:
    """Whether no character is in both classes; False where that isn't certain."""
    if one is None or other is None:
        return False
    for literals, whole in ((one, other), (other, one)):
        if all(item[0] is sre.LITERAL for item in literals):
            return not any(_may_hold(whole, char) for item in literals for char in _cases(item[1]))
    return all(
        a[0] is sre.CATEGORY and b[0] is sre.CATEGORY and frozenset((_category(a), _category(b))) in _APART
        for a in one
        for b in other
    )


def _category(item: Any) -> str:
    return str(item[1]).replace("CATEGORY_", "")


def _cases(code: int) -> set[str]:
    """What is equal to this character where case doesn't count."""
    char = chr(code)
    return {char, char.lower(), char.upper(), *(_SPECIAL if char.isalpha() else "")}


def _may_hold(items: Any, char: str) -> bool:
    """Whether a class may hold `char`; True where that isn't certain."""
    holds = [_holds(item, char) for item in items if item[0] is not sre.NEGATE]
    if items[0][0] is sre.NEGATE:
        return True not in holds
    return True in holds or None in holds


def _holds(item: Any, char: str) -> bool | None:
    """Whether one item of a class holds `char`; None where that isn't certain."""
    kind, value = item
    if kind is sre.LITERAL:
        return chr(value) in (char, char.lower(), char.upper())
    if kind is sre.RANGE and len(char) == 1:
        return any(value[0] <= ord(case) <= value[1] for case in (char, char.lower(), char.upper()) if len(case) == 1)
    if kind is sre.CATEGORY and len(char) == 1 and "\x20" <= char < "\x7f":
        name = _category(item)
        classes = {"DIGIT": char.isdigit(), "SPACE": char == " ", "WORD": char.isalnum() or char == "_"}
        return classes[name.replace("NOT_", "")] is not name.startswith("NOT_")
    return None


def _first_letter(branch: Any) -> str | None:
    """The letter that an alternative must begin with, case aside; None where there is none."""
    if len(branch) and branch[0][0] is sre.LITERAL:
        char = chr(branch[0][1])
        return char.lower() if char.isascii() and char.lower() not in "iks" else None
    return None
