"""Rules of every shape for the tests of the editor, made at random."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from vmsc_core.rules.actions import ACTIONS
from vmsc_core.rules.editor_rows import Lists
from vmsc_core.rules.filters import ANYONE, FILTERS, Filters
from vmsc_core.rules.rule import KINDS, Rule, Trigger
from vmsc_core.rules.spec import Spec

WORDS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)


def values_for(spec: Spec) -> st.SearchStrategy[Any]:
    """What a field of that spec can hold."""
    if spec.kind == "names":
        return st.lists(WORDS.map(lambda word: word[:10]), max_size=4).map(tuple)
    if spec.kind == "choice":
        return st.sampled_from(spec.choices)
    if spec.kind == "number":
        return st.integers(spec.low, spec.high)
    if spec.kind in ("seconds", "seconds_or_none"):
        numbers = st.floats(spec.low, spec.high)
        return st.none() | numbers if spec.kind == "seconds_or_none" else numbers
    return WORDS


def of(made: Any, specs: tuple[Spec, ...], /, **more: Any) -> st.SearchStrategy[Any]:
    return st.builds(made, **{spec.key: values_for(spec) for spec in specs}, **more)


TRIGGERS = st.sampled_from(sorted(KINDS)).flatmap(lambda kind: of(Trigger, KINDS[kind].specs, kind=st.just(kind)))
ANY_ACTION = st.sampled_from(sorted(ACTIONS)).flatmap(lambda saved: of(ACTIONS[saved].type, ACTIONS[saved].specs))


def possible(rule: Rule) -> Rule:
    """With a `who` that its trigger has: what the editor can make."""
    kind = KINDS[rule.trigger.kind]
    is_possible = "who" not in kind.filters or rule.filters.who in kind.who
    return rule if is_possible else replace(rule, filters=replace(rule.filters, who=ANYONE))


RULES = st.builds(
    Rule,
    id=st.sampled_from(["r1", "r2", "mine"]),
    name=st.text(st.characters(whitelist_categories=["L", "N"]), max_size=12),
    on=st.booleans(),
    trigger=TRIGGERS,
    filters=of(Filters, FILTERS),
    actions=st.lists(ANY_ACTION, max_size=7).map(tuple),
).map(possible)

LISTS = Lists(
    scenes=("Game", "Chat"),
    sources=("Cam", "Feed", "Song", "Game"),
    text_sources=("Feed",),
    media_sources=("Song",),
    audio_sources=("Mic", "Song"),
    hotkeys=("OBSBasic.StartRecording",),
    filters={"Cam": ("Blur", "Crop")},
)
"""What OBS has, for the tests of the editor's lists."""
