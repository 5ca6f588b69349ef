"""What a user sees of OBS, as values for a test to look at: sources, scene items, the properties page. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .constants import CONSTANTS
from .things import Data, Item, Properties, Source, to_json


@dataclass(frozen=True)
class Update:
    """One obs_source_update: ``turn`` of the timer (0: before the first), ``thread`` ui, graphics, defer."""

    source: str
    values: Mapping[str, Any]
    turn: int
    thread: str


@dataclass(frozen=True)
class SourceView:
    """A source as the user sees it: settings with defaults, size in px (0: not drawn yet), volume as a factor."""

    name: str
    kind: str
    settings: Mapping[str, Any]
    updates: Sequence[Update]
    filters: Sequence[SourceView]
    size: tuple[int, int]
    muted: bool
    enabled: bool
    volume: float
    media_state: int

    @classmethod
    def of(cls, one: Source, updates: Sequence[Update]) -> SourceView:
        return cls(
            one.name,
            one.kind.id,
            one.settings.json(with_defaults=True),
            [update for update in updates if update.source == one.name],
            [cls.of(inner, updates) for inner in one.filters],
            one.size,
            one.muted,
            one.enabled,
            one.volume,
            one.media_state,
        )


@dataclass(frozen=True)
class ItemView:
    """A scene item as the user sees it; ``items`` are a group's children, bottom first as everywhere."""

    name: str
    kind: str
    visible: bool
    locked: bool
    selected: bool
    pos: tuple[float, float]
    scale: tuple[float, float]
    bounds: tuple[float, float]
    bounds_type: int
    bounds_alignment: int
    alignment: int
    folded: bool
    items: Sequence[ItemView]

    @classmethod
    def of(cls, item: Item) -> ItemView:
        return cls(
            item.source.name,
            item.source.kind.id,
            item.visible,
            item.locked,
            item.selected,
            item.pos,
            item.scale,
            item.bounds,
            item.bounds_type,
            item.bounds_alignment,
            item.alignment,
            bool(item.private.get("collapsed")),
            [cls.of(child) for child in item.children],
        )


@dataclass(frozen=True)
class Drawn:
    """A field of the page as it was drawn last. ``shown`` is the text a user reads in an info field."""

    name: str
    kind: str
    text: str
    long_text: str | None
    visible: bool
    enabled: bool
    options: Sequence[tuple[str, Any]]
    group: str | None
    value: Any
    info_type: int
    text_type: int
    url: str
    shown: str


class Page:
    """The properties page as the user sees it: what was drawn at opening or at the last redraw, no later."""

    def __init__(self, properties: Properties, settings: Data) -> None:
        self.properties = properties
        self.settings = settings
        self.redraws = -1
        self.drawn: dict[str, Drawn] = {}
        self.draw()

    def draw(self) -> None:
        self.redraws += 1
        self.drawn = {one.name: one for one in self._fields(self.properties, None, True, True)}

    def _fields(self, fields: Properties, group: str | None, visible: bool, enabled: bool) -> Iterator[Drawn]:
        for one in fields.fields.values():
            value = self.settings.get(one.name)
            seen, open_ = visible and one.visible, enabled and one.enabled
            written = value if isinstance(value, str) else ""
            shown = written or (one.text if one.long_text is None else one.long_text)
            yield Drawn(
                one.name,
                one.kind,
                one.text,
                one.long_text,
                seen,
                open_,
                tuple(one.options),
                group,
                to_json(value),
                one.extra.get("info_type", 0),
                one.extra.get("text_type", 0),
                one.extra.get("url", ""),
                shown,
            )
            if one.content:
                unchecked = one.extra.get("group_type") == CONSTANTS["OBS_GROUP_CHECKABLE"] and value is not True
                yield from self._fields(one.content, one.name, seen, open_ and not unchecked)

    def __getitem__(self, name: str) -> Drawn:
        return self.drawn[name]

    def __contains__(self, name: str) -> bool:
        return name in self.drawn

    def names(self, visible_only: bool = False) -> list[str]:
        return [one.name for one in self.drawn.values() if one.visible or not visible_only]

    def text(self) -> str:
        """Everything a user can read on it, one field a line."""
        lines = []
        for one in self.drawn.values():
            if one.visible:
                lines.append(one.text if one.shown == one.text else f"{one.text} {one.shown}")
        return "\n".join(lines)
