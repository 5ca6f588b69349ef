"""What the rule editor's rows are made of: the facts they come from, and one row of each kind. Knows no OBS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from vmsc_core.reasons import Reason
from vmsc_core.row import ANSWER, LONGEST_TITLE, Kind, Row
from vmsc_core.rules import fields
from vmsc_core.rules.actions import Action, SwitchScene
from vmsc_core.rules.rule import Rule
from vmsc_core.rules.spec import Spec
from vmsc_core.words import cut, say

CHANGED = "rule_changed"
"""The action of lists and ticks: other rows come and go with what is chosen there."""


STRANGE, USED, GONE = "strange", "used", "gone"
"""The rules came with somebody else's scene collection, and don't run; they are used since; all of them are deleted since."""


@dataclass(frozen=True)
class Lists:
    """The names of what OBS has. `filters` has those of the sources whose filters a rule's actions choose from."""

    scenes: Sequence[str] = ()
    sources: Sequence[str] = ()
    text_sources: Sequence[str] = ()
    media_sources: Sequence[str] = ()
    audio_sources: Sequence[str] = ()
    hotkeys: Sequence[str] = ()
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """All that decides what the section shows.

    `chosen` is the ID of the rule that is edited; `problems` are things that rules need and that aren't there; `message`
    answers the press on `pressed`, and `ready_said` is what was last said below the first buttons; `delete_asked`: the next
    press on Delete deletes; `rehearsal` says what the last rehearsal showed, or how far it is if `is_rehearsing`.
    `tried` are what would hold the rule back that was tried last, None until that is known.

    `strange` is one of STRANGE, USED, GONE, "" for rules that are this computer's own; `newer` of them aren't shown, and
    `is_key_kept` says whether the next start of OBS will know that they're used.
    """

    rules: tuple[Rule, ...] = ()
    chosen: str = ""
    filters_open: bool = False
    file_open: bool = False
    lists: Lists = field(default_factory=Lists)
    problems: Sequence[Reason] = ()
    message: Reason | None = None
    pressed: str = ""
    ready_said: Reason | None = None
    delete_asked: bool = False
    language: str = "en"
    rehearsal: Sequence[Reason] = ()
    is_rehearsing: bool = False
    tried: Sequence[Reason] | None = None
    strange: str = ""
    newer: int = 0
    is_key_kept: bool = True


LIST_KINDS = ("choice", "scene", "source", "text_source", "media_source", "audio_source", "filter", "hotkey")
"""Kinds of Spec that are chosen; the others are typed."""

HELPED = (
    "rule_when_reward",
    "rule_when_seconds",
    "rule_if_names",
    "rule_if_at_least",
    "rule_if_cooldown",
    "rule_if_cooldown_each",
    "rule_if_hold",
    "rule_do_back_after",
    "rule_do_label",
    "rule_do_priority",
    "rule_do_seconds",
    fields.FILE,
    fields.NAME,
)
"""Names of fields with a help text, in words/ under help_NAME; a field's label is under label_NAME."""


def field_row(facts: Facts, key: str, name: str, spec: Spec, value: str, action: Action | None = None) -> Row:
    """A field that applies."""
    if spec.kind not in LIST_KINDS:
        return plain_row(facts, key, Kind.TEXT, name)
    row = plain_row(facts, key, Kind.LIST, name, CHANGED)
    return replace(row, choices=_choices(facts, name, spec, value, action))


def hidden_row(facts: Facts, key: str, name: str, spec: Spec) -> Row:
    """A field that doesn't."""
    is_list = spec.kind in LIST_KINDS
    row = plain_row(facts, key, Kind.LIST if is_list else Kind.TEXT, name, CHANGED if is_list else "")
    return replace(row, visible=False)


def _choices(facts: Facts, name: str, spec: Spec, value: str, action: Action | None) -> tuple[tuple[str, str], ...]:
    language = facts.language
    if spec.kind == "choice":
        status = name == "rule_when_status"
        return tuple(
            (choice, say(f"status_{choice}" if status else f"choice_{name}_{choice}", language)) for choice in spec.choices
        )
    lists = facts.lists
    names: Sequence[str] = {
        "scene": lists.scenes,
        "source": lists.sources,
        "text_source": lists.text_sources,
        "media_source": lists.media_sources,
        "audio_source": lists.audio_sources,
        "hotkey": lists.hotkeys,
        "filter": lists.filters.get(getattr(action, "source", ""), ()),
    }[spec.kind]
    none = say(_none_of(spec, name, action), language)
    gone = [(value, say("choice_gone", language, name=cut(value, LONGEST_TITLE - 12)))] if value and value not in names else []
    return (("", none), *((one, cut(one, LONGEST_TITLE)) for one in names), *gone)


def _none_of(spec: Spec, name: str, action: Action | None) -> str:
    """What stands for nothing chosen."""
    if spec.kind != "scene" or isinstance(action, SwitchScene):
        return "choice_none"
    return "choice_rule_any_scene" if name == "rule_if_scene" else "choice_rule_current_scene"


def plain_row(facts: Facts, key: str, kind: Kind, name: str = "", action: str = "") -> Row:
    """A row with the label, and the help, of its name in words/; by default that is its key."""
    name = name or key
    help = say(f"help_{name}", facts.language) if name in HELPED else ""
    return Row(key, kind, say(f"label_{name}", facts.language), help, action=action)


def list_row(facts: Facts, key: str, choices: Sequence[tuple[str, str]], action: str = "") -> Row:
    """A list with these entries."""
    return replace(plain_row(facts, key, Kind.LIST, action=action), choices=tuple(choices))


def button_row(facts: Facts, key: str, label: str = "") -> Row:
    """A button that does what its key says."""
    return Row(key, Kind.BUTTON, say(label or f"button_{key}", facts.language), action=key)


def answer_row(facts: Facts, key: str, *actions: str) -> Row:
    """What the last press did, when it was one of these."""
    said = say(facts.message, facts.language) if facts.message and facts.pressed in actions else ""
    return Row(f"{ANSWER}{key}", Kind.INFO, said, visible=bool(said))
