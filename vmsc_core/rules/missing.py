"""What a rule names and OBS doesn't have, or what it doesn't name yet: as sentences, before it runs into that. Knows no OBS."""

from __future__ import annotations

from collections.abc import Iterator

from vmsc_core.reasons import Reason, because
from vmsc_core.rules.actions import ACTIONS, SAVED_AS, Action
from vmsc_core.rules.editor_rows import Lists
from vmsc_core.rules.edits import lacking
from vmsc_core.rules.rule import KINDS, Rule
from vmsc_core.rules.spec import Spec


def missing(rule: Rule, lists: Lists) -> list[Reason]:
    """All of it, each once, in the order of the page. `lists` has what there is now, and the filters of the sources named."""
    return list(dict.fromkeys(_missing(rule, lists)))


def _missing(rule: Rule, lists: Lists) -> Iterator[Reason]:
    lacks = lacking(rule)
    if lacks is not None:
        yield lacks
    scene = rule.filters.scene if "scene" in KINDS[rule.trigger.kind].filters else ""
    if scene and scene not in lists.scenes:
        yield because("rule_no_scene", scene=scene)
    for action in rule.actions:
        for spec in ACTIONS[SAVED_AS[type(action)]].specs if type(action) in SAVED_AS else ():
            name = getattr(action, spec.key)
            reason = _not_there(spec, name, action, lists) if name else None
            if reason is not None:
                yield reason


def _not_there(spec: Spec, name: str, action: Action, lists: Lists) -> Reason | None:
    if spec.kind == "scene":
        return None if name in lists.scenes else because("rule_no_scene", scene=name)
    if spec.kind in _SOURCES:
        return None if name in getattr(lists, _SOURCES[spec.kind]) else because("rule_no_source", source=name)
    if spec.kind == "filter":
        source = getattr(action, "source", "")
        there = lists.filters.get(source)
        is_missing = there is not None and source in lists.sources and name not in there
        return because("rule_no_filter", source=source, filter=name) if is_missing else None
    if spec.kind == "hotkey" and lists.hotkeys:  # none at all: this OBS doesn't say which there are
        return None if name in lists.hotkeys else because("rule_no_hotkey", name=name)
    return None


_SOURCES = {
    "source": "sources",
    "text_source": "text_sources",
    "media_source": "media_sources",
    "audio_source": "audio_sources",
}
"""Kind of a field → the list in which its name must be."""
