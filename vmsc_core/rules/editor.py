"""The section "Alerts and rules" as rows: the rules in words, and the editor of one of them. Knows no OBS.

Rules a maintainer must keep, beside those of page.py:
1. A list's value is always among its entries: OBS would choose the first one in its place, and so change the rule.
2. What can grow (the rules in words, the fields) stands below all the buttons: none comes to stand where another was pressed.
   The answer below the first buttons stays until the next one there (Facts.ready_said), since buttons stand below it. So do
   the sentences about rules that came from elsewhere, and their button: once they're used, others of the same length say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from vmsc_core.reasons import Reason, because
from vmsc_core.row import LONGEST_TITLE, Kind, Row, Tone
from vmsc_core.rules import fields
from vmsc_core.rules.actions import ACTIONS, SAVED_AS
from vmsc_core.rules.editor_rows import (
    CHANGED,
    STRANGE,
    USED,
    Facts,
    answer_row,
    button_row,
    field_row,
    hidden_row,
    list_row,
    plain_row,
)
from vmsc_core.rules.edits import chosen_of, lacking, place_of
from vmsc_core.rules.fields import ACTION_SPECS, PLACES, WHEN_SPECS, shown
from vmsc_core.rules.filters import FILTERS, NOT_THESE, THESE
from vmsc_core.rules.ready import READY
from vmsc_core.rules.rule import KINDS, Rule
from vmsc_core.rules.sentence import sentence, when
from vmsc_core.rules.spec import Spec
from vmsc_core.words import cut, say

LINES = 8
"""Rules that are listed in words at once; more of them, around the one that is chosen."""

LONGEST_LINE = 170
"""Characters of one of them."""

TRY, DELETE, USE = "try_rule", "delete_rule", "use_rules"
AT_READY = ("add_ready", "add_alert", "new_rule")
AT_RULE = (TRY, "duplicate_rule", "up_rule", "down_rule")
AT_FILE = ("export_rules", "import_rules")
STOP = "stop_rehearsal"
AT_REHEARSAL = ("rehearse", STOP)
"""Buttons, by where their answer stands; that of DELETE is with the second ones while a rule is left."""


def rows(facts: Facts) -> tuple[Row, ...]:
    """The rows of the section, always the same ones: those that don't apply aren't visible."""
    rule = chosen_of(facts.rules, facts.chosen)
    before = _lines(facts, [facts.ready_said] if facts.ready_said else [])
    answer = answer_row(facts, "ready", *AT_READY, *(() if rule else (DELETE,)))
    return (
        *_strange(facts),
        list_row(facts, fields.READY, [(key, say(f"ready_{key}", facts.language)) for key in READY]),
        *(button_row(facts, key) for key in AT_READY),
        answer,
        Row("rule_said", Kind.INFO, before, visible=bool(before) and not answer.visible),
        *_only_with(rule, _buttons(facts)),
        Row("rule_list", Kind.INFO, "\n".join(_sentences(facts, rule))),
        Row("rule_problems", Kind.INFO, _lines(facts, facts.problems), visible=bool(facts.problems), tone=Tone.WARNING),
        *_only_with(rule, _fields(facts, rule)),
        *_file(facts),
        *_rehearsal(facts),
    )


def _only_with(rule: Rule | None, found: Iterable[Row]) -> tuple[Row, ...]:
    """Rows that are there to be seen only when there is a rule."""
    return tuple(replace(row, visible=row.visible and rule is not None) for row in found)


def notice_row(facts: Facts) -> Row:
    """For the top of the page: whether there are rules that came from elsewhere, in few words."""
    said = say(f"rules_notice_{facts.strange}", facts.language) if facts.strange else ""
    return Row("rules_notice", Kind.INFO, said, visible=bool(facts.strange), tone=_tone(facts))


def _strange(facts: Facts) -> tuple[Row, ...]:
    """What to do about rules that came from elsewhere."""
    lines = []
    if facts.strange == USED and facts.newer:
        lines.append(say("rules_used_kept", facts.language, count=f"{facts.newer:,}"))
    elif facts.strange:
        lines.append(say(f"rules_elsewhere_{facts.strange}", facts.language))
    if facts.strange and not facts.is_key_kept:
        lines.append(say("rules_key_lost", facts.language))
    button = button_row(facts, USE)
    return (
        Row("rules_strange", Kind.INFO, "\n".join(lines), visible=bool(lines), tone=_tone(facts)),
        replace(button, visible=bool(facts.strange), enabled=facts.strange == STRANGE),
    )


def _tone(facts: Facts) -> Tone:
    return Tone.WARNING if facts.strange == STRANGE else Tone.NORMAL


def _buttons(facts: Facts) -> tuple[Row, ...]:
    """Which rule is edited, and what can be done with it as a whole."""
    return (
        list_row(facts, fields.CHOSEN, _titles(facts), action=CHANGED),
        *(button_row(facts, key) for key in AT_RULE if key != TRY),
        button_row(facts, DELETE, "button_delete_rule_asked" if facts.delete_asked else ""),
        button_row(facts, TRY),  # last: its answer has the most to say
        _answer(facts),
    )


def _answer(facts: Facts) -> Row:
    """What the last press on one of the rule's buttons did; after "Try it" with a line for all that would hold the rule back."""
    row = answer_row(facts, "rule", *AT_RULE, DELETE)
    if facts.pressed != TRY or facts.message is None or facts.tried is None:
        return row
    first = because("rule_tried_but" if facts.tried else "rule_tried_fine")
    return replace(row, label=_lines(facts, [first, *(because("rule_tried_line", reason=reason) for reason in facts.tried)]))


def _fields(facts: Facts, rule: Rule | None) -> tuple[Row, ...]:
    """The fields of the rule that is edited."""
    return (
        plain_row(facts, fields.NAME, Kind.TEXT),
        plain_row(facts, fields.ON, Kind.TICK, action=CHANGED),
        list_row(facts, fields.KIND, [(kind, say(f"rule_kind_{kind}", facts.language)) for kind in KINDS], action=CHANGED),
        *_trigger(facts, rule),
        plain_row(facts, fields.FILTERS_OPEN, Kind.TICK, action=CHANGED),
        *_filters(facts, rule),
        *(row for place in PLACES for row in _action(facts, rule, place)),
        _more(facts, rule),
    )


def _file(facts: Facts) -> tuple[Row, ...]:
    """Export and import."""
    inside = (
        plain_row(facts, fields.FILE, Kind.TEXT),
        button_row(facts, "export_rules"),
        button_row(facts, "import_rules"),
        answer_row(facts, "file", *AT_FILE),
    )
    tick = plain_row(facts, fields.FILE_OPEN, Kind.TICK, action=CHANGED)
    return (tick, *(replace(row, visible=row.visible and facts.file_open) for row in inside))


def _rehearsal(facts: Facts) -> tuple[Row, ...]:
    """Rehearse, and what it showed. Last of all: the lines come while other buttons are pressed.

    Refresh is far up the page: here is another one.
    """
    running = facts.is_rehearsing
    answer = answer_row(facts, "rehearsal", *AT_REHEARSAL)
    if facts.message is not None and facts.message.key == "rehearsal_stopping" and not running:
        answer = replace(answer, visible=False)  # it has ended while the page waited for that
    begin, stop = (button_row(facts, key) for key in AT_REHEARSAL)
    look = replace(button_row(facts, "show_rehearsal"), action="refresh", enabled=running or bool(facts.rehearsal))
    is_told = bool(facts.rehearsal) and not (running and answer.visible)
    return (
        begin,
        replace(stop, enabled=running),
        look,
        answer,
        Row("rehearsal", Kind.INFO, _lines(facts, facts.rehearsal), visible=is_told),
    )


# -- the rules in words -------------------------------------------------------------------------------------------------


def _sentences(facts: Facts, chosen: Rule | None) -> list[str]:
    """A window of LINES rules around the chosen one, each with its number."""
    if not facts.rules:
        return [say("rule_list_empty", facts.language)]
    place = place_of(facts.rules, chosen.id) if chosen is not None else 0
    first = max(0, min((place or 0) - LINES // 2, len(facts.rules) - LINES))
    window = facts.rules[first : first + LINES]
    lines = [_sentence(facts, rule, number) for number, rule in enumerate(window, first + 1)]
    left = len(facts.rules) - len(window)
    return [*lines, say("rule_list_more", facts.language, count=f"{left:,}")] if left else lines


def _sentence(facts: Facts, rule: Rule, number: int) -> str:
    lacks = lacking(rule)
    text = cut(sentence(rule, facts.language), LONGEST_LINE)
    key = "rule_line" if lacks is None else "rule_line_lacking"
    return say(key, facts.language, number=f"{number:,}", rule=text, lacks=lacks or "")


def _titles(facts: Facts) -> list[tuple[str, str]]:
    """The entries of the list of rules."""
    names = [(rule.id, rule.name or when(rule, facts.language)) for rule in facts.rules]
    return [(rule_id, cut(f"{number:,}. {name}", LONGEST_TITLE)) for number, (rule_id, name) in enumerate(names, 1)]


def _lines(facts: Facts, reasons: Sequence[Reason]) -> str:
    return "\n".join(say(reason, facts.language) for reason in reasons)


def _more(facts: Facts, rule: Rule | None) -> Row:
    """What the actions are that find no room on the page: who looks at a stranger's rule must know all it does."""
    more = rule.actions[len(PLACES) :] if rule is not None else ()
    kinds = [say(f"rule_action_{SAVED_AS[type(action)]}", facts.language) for action in more if type(action) in SAVED_AS]
    names = ", ".join(dict.fromkeys(kinds))
    return Row("rule_more", Kind.INFO, say("rule_more", facts.language, count=len(more), names=names), visible=bool(more))


# -- trigger, filters, actions ------------------------------------------------------------------------------------------


def _trigger(facts: Facts, rule: Rule | None) -> list[Row]:
    own = {spec.key: spec for spec in KINDS[rule.trigger.kind].specs} if rule is not None else {}
    return [
        field_row(facts, fields.when_key(spec), f"rule_when_{spec.key}", own.get(spec.key, spec), _value(rule, "trigger", spec))
        if spec.key in own
        else hidden_row(facts, fields.when_key(spec), f"rule_when_{spec.key}", spec)
        for spec in WHEN_SPECS
    ]


def _filters(facts: Facts, rule: Rule | None) -> list[Row]:
    kind = KINDS[rule.trigger.kind] if rule is not None else None
    found = []
    for spec in FILTERS:
        key, name = fields.filter_key(spec), f"rule_if_{spec.key}"
        applies = kind is not None and rule is not None and spec.key in kind.filters and facts.filters_open
        if applies and spec.key == "names":
            applies = rule is not None and rule.filters.who in (THESE, NOT_THESE)
        if not applies:
            found.append(hidden_row(facts, key, name, spec))
            continue
        possible = replace(spec, choices=kind.who) if spec.key == "who" and kind is not None else spec
        found.append(field_row(facts, key, name, possible, _value(rule, "filters", spec)))
    return found


def _action(facts: Facts, rule: Rule | None, place: int) -> list[Row]:
    """One action: what it does, and its fields. One more than there are can be chosen."""
    actions = rule.actions if rule is not None else ()
    action = actions[place - 1] if place <= len(actions) else None
    own = {fields.name_of(spec): spec for spec in fields.specs_of(action)} if action is not None else {}
    none = say("choice_rule_do_none", facts.language)
    choices = [("", none), *((kind, say(f"rule_action_{kind}", facts.language)) for kind in ACTIONS)]
    label = say("label_rule_do", facts.language, number=place)
    is_ours = action is None or type(action) in SAVED_AS
    found = [Row(fields.do_key(place), Kind.LIST, label, visible=place <= len(actions) + 1 and is_ours, action=CHANGED)]
    found[0] = replace(found[0], choices=tuple(choices) if found[0].visible else ())
    for any_spec in ACTION_SPECS:
        name = fields.name_of(any_spec)
        spec, key = own.get(name), fields.action_key(place, any_spec)
        if spec is None or action is None:
            found.append(hidden_row(facts, key, f"rule_do_{name}", any_spec))
        else:
            row = field_row(facts, key, f"rule_do_{name}", spec, shown(getattr(action, spec.key)), action)
            found.append(_with_placeholders(facts, row, spec, rule))
    return found


def _with_placeholders(facts: Facts, row: Row, spec: Spec, rule: Rule | None) -> Row:
    """A template's help names what is filled in for this trigger."""
    if spec.kind != "template" or rule is None:
        return row
    names = ", ".join(f"{{{name}}}" for name in KINDS[rule.trigger.kind].placeholders)
    return replace(row, help=say("help_rule_template", facts.language, names=names))


def _value(rule: Rule | None, part: str, spec: Spec) -> str:
    return shown(getattr(getattr(rule, part), spec.key)) if rule is not None else ""
