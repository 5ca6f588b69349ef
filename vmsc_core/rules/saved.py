"""Rules ↔ JSON: for the script's settings and for a file. Knows no file.

Rules a maintainer must keep:
1. What `loads` can't read it keeps: a row with anything unknown in it (a newer version wrote it) stays in Loaded.kept as it was,
   and `dumps` writes it again. Such a row never fires: a filter that isn't understood could be what holds it back.
2. FORMAT changes only when an older version must not read the rows at all; new triggers, filters, and actions need no new one.
3. Only what differs from the default is written, so that a default can be given to what has none yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from vmsc_core.printable import printable
from vmsc_core.reasons import Reason, because
from vmsc_core.rules.actions import ACTIONS, SAVED_AS, Action
from vmsc_core.rules.filters import FILTERS, Filters
from vmsc_core.rules.rule import KINDS, MOST_ACTIONS, MOST_RULES, Rule, Trigger
from vmsc_core.rules.spec import Spec, Unacceptable

FORMAT = 1

LONGEST_SAVED = 4 * 1024 * 1024
"""Characters of the saved text."""

LONGEST_RULE_NAME = 100

_ID = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)


@dataclass(frozen=True)
class Loaded:
    """What a text holds. `refused` says what is wrong with all of it: it has no `rules` then, and must not be overwritten.

    `kept` are rows of a newer version, as JSON, for `dumps`.
    """

    rules: tuple[Rule, ...] = ()
    refused: Reason | None = None
    kept: tuple[str, ...] = ()


def dumps(rules: Iterable[Rule], kept: Iterable[str] = ()) -> str:
    """The saved text of `rules`, and of what `loads` kept."""
    rows = [json.dumps(_row(rule), ensure_ascii=True) for rule in rules]
    return f'{{"format": {FORMAT}, "rules": [' + ",\n".join([*rows, *kept]) + "]}"


def loads(text: Any) -> Loaded:
    """The rules in `text`. An empty text has none; a broken or newer one is refused as a whole. Never raises."""
    if not isinstance(text, str) or not text.strip():
        return Loaded(refused=None if isinstance(text, str) else because("rules_broken"))
    if len(text) > LONGEST_SAVED:
        return Loaded(refused=because("rules_long", most=LONGEST_SAVED // 1024 // 1024))
    try:
        saved = json.loads(text, parse_int=_integer)
    except (ValueError, RecursionError):
        return Loaded(refused=because("rules_broken"))
    rows = saved.get("rules") if isinstance(saved, dict) else None
    version = saved.get("format") if isinstance(saved, dict) else None
    if isinstance(version, int) and not isinstance(version, bool) and version > FORMAT:
        return Loaded(refused=because("rules_newer"))
    if version != FORMAT or isinstance(version, (bool, float)) or not isinstance(rows, list):
        return Loaded(refused=because("rules_broken"))
    if len(rows) > MOST_RULES:
        return Loaded(refused=because("rules_many", most=f"{MOST_RULES:,}"))
    return _loaded(rows)


def too_long(text: str, count: int) -> Reason | None:
    """Why a text of `dumps` with `count` rules would not load again; None if it would: to be asked before rules are added."""
    if count > MOST_RULES:
        return because("rules_many", most=f"{MOST_RULES:,}")
    return because("rules_long", most=LONGEST_SAVED // 1024 // 1024) if len(text) > LONGEST_SAVED else None


def _loaded(rows: list[Any]) -> Loaded:
    rules: list[Rule] = []
    kept: list[str] = []
    taken: set[str] = set()
    for row in rows:
        try:
            rule = _rule(row)
        except (Unacceptable, OverflowError):
            kept.append(json.dumps(row, ensure_ascii=True))
            continue
        if rule.id not in taken:  # twice the same ID: nothing that this or a newer version writes
            taken.add(rule.id)
            rules.append(rule)
        else:
            kept.append(json.dumps(row, ensure_ascii=True))
    return Loaded(tuple(rules), None, tuple(kept))


def _integer(digits: str) -> int | None:
    # Before 3.11, Python needs seconds for a million digits.
    return int(digits) if len(digits) <= 20 else None


# -- rule → row ---------------------------------------------------------------------------------------------------------


def _row(rule: Rule) -> dict[str, Any]:
    row: dict[str, Any] = {"id": rule.id, "name": rule.name, "on": rule.on}
    row["when"] = {"kind": rule.trigger.kind, **_changed(rule.trigger, KINDS[rule.trigger.kind].specs)}
    row["only_if"] = _changed(rule.filters, FILTERS)
    row["do"] = [{"kind": SAVED_AS[type(action)], **_all(action)} for action in rule.actions if type(action) in SAVED_AS]
    return row


def _changed(value: Any, specs: Iterable[Spec]) -> dict[str, Any]:
    """The fields that aren't at their defaults."""
    default = type(value)()
    keys = [spec.key for spec in specs]
    return {key: getattr(value, key) for key in keys if getattr(value, key) != getattr(default, key)}


def _all(action: Action) -> dict[str, Any]:
    return {spec.key: getattr(action, spec.key) for spec in ACTIONS[SAVED_AS[type(action)]].specs}


# -- row → rule ---------------------------------------------------------------------------------------------------------


def _rule(row: Any) -> Rule:
    row = _mapping(row, {"id", "name", "on", "when", "only_if", "do"})
    rule_id, name, on, actions = row.get("id"), row.get("name", ""), row.get("on", True), row.get("do", [])
    if not isinstance(rule_id, str) or not _ID.fullmatch(rule_id) or not isinstance(name, str) or not isinstance(on, bool):
        raise Unacceptable("id")
    if not isinstance(actions, list) or len(actions) > MOST_ACTIONS:
        raise Unacceptable("do")
    trigger = _trigger(row.get("when"))
    filters = Filters(**_fields(_mapping(row.get("only_if", {})), FILTERS))
    return Rule(rule_id, printable(name)[:LONGEST_RULE_NAME], on, trigger, filters, tuple(map(_action, actions)))


def _trigger(value: Any) -> Trigger:
    row = _mapping(value)
    kind = row.pop("kind", None)
    if not isinstance(kind, str) or kind not in KINDS:
        raise Unacceptable("kind")
    return Trigger(kind, **_fields(row, KINDS[kind].specs))


def _action(value: Any) -> Action:
    row = _mapping(value)
    kind = row.pop("kind", None)
    if not isinstance(kind, str) or kind not in ACTIONS:
        raise Unacceptable("kind")
    action: Action = ACTIONS[kind].type(**_fields(row, ACTIONS[kind].specs))
    return action


def _mapping(value: Any, keys: set[str] | None = None) -> dict[str, Any]:
    if not isinstance(value, dict) or (keys is not None and not keys.issuperset(value)):
        raise Unacceptable("row")
    return dict(value)


def _fields(row: dict[str, Any], specs: Iterable[Spec]) -> dict[str, Any]:
    """The fields of a row, each as its spec accepts it; a key without a spec is a newer version's."""
    known = {spec.key: spec for spec in specs}
    if not row.keys() <= known.keys():
        raise Unacceptable("key")
    return {key: known[key].read(value) for key, value in row.items()}


def acceptable(rule: Rule) -> Rule | None:
    """`rule` as it would come back from the saved text; None if it would not: for what the page has put together."""
    try:
        return _rule(json.loads(json.dumps(_row(rule), allow_nan=False)))
    except (Unacceptable, ValueError, KeyError, TypeError, AttributeError):
        return None
