"""The sources, scenes and items there are, and what a user does to them in OBS's main window. Knows no script."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .arguments import Arguments
from .things import Data, Item, Scene, Source, kinds_of
from .views import ItemView, SourceView, Update


class World(Arguments):
    """Scenes and sources of one collection."""

    def __init__(self, platform: str, version: tuple[int, int, int]) -> None:
        super().__init__()
        self.version = version
        self.kinds = kinds_of(platform, version)
        self.updates: list[Update] = []
        self.turns = 0  # timer turns so far
        self._sources: list[Source] = []
        self._scene_names: list[Source] = []
        self._current_scene: Source | None = None
        self.studio_mode = False
        self.preview_scene = ""
        self._copy_on_air: Source | None = None
        self.transition_time = 1.0  # how far the transition on air is; 1: at its end
        self._transition = Source(next(iter(self.kinds.values())), "Fade", private=True)  # of no kind that matters
        self._transition.pinned = True
        self._numbers = itertools.count(1)

    # -- inside

    def _on_air(self) -> Source | None:
        """What the transition shows: the current scene, or the copy of it that Studio Mode has made."""
        return self._copy_on_air or self._current_scene

    def _go_on_air(self, scene: Source | None) -> None:
        self._current_scene = scene
        if self._copy_on_air is not None:
            self._copy_on_air.pinned = False
        self._copy_on_air = None
        if self.studio_mode and scene is not None and scene.scene is not None:
            copy = self._copy_on_air = self._make("obs_scene_duplicate", "scene", scene.name, None, private=True)
            copy.pinned = True
            for item in scene.scene.items:
                self._put(item.source, copy.scene).visible = item.visible  # type: ignore[arg-type]
        self._collect()

    def _named(self, name: str) -> Source | None:
        return next((one for one in self._sources if one.name == name and not one.private), None)

    def _the(self, name: str) -> Source:
        source = self._named(name)
        if source is None:
            raise AssertionError(f"no source {name!r}")
        return source

    def _scene(self, name: str | None) -> Scene:
        found = self._current_scene if name is None else self._named(name)
        if found is None or found.scene is None:
            raise AssertionError(f"no scene {name!r}")
        return found.scene

    def _items(self) -> Iterator[Item]:
        """Every scene item of every scene and group; they may be dropped meanwhile."""
        for source in self._sources:
            yield from list(source.scene.items) if source.scene else ()

    def _free_name(self, name: str) -> str:
        name = name or f"__unnamed{next(self._numbers):04d}"
        taken = {one.name for one in self._sources if not one.private}
        if name not in taken or self.version < (30, 0, 0):  # OBS 29 lets two have one name (seen)
            return name
        return next(f"{name} {number}" for number in itertools.count(2) if f"{name} {number}" not in taken)

    def _make(self, call: str, id: str, name: str, settings: Data | None, private: bool = False) -> Source:
        if id not in self.kinds:
            self._violate(f"{call}: no kind {id!r} on this platform; OBS would leave an empty shell")
        kind = self.kinds[id]
        private = private or kind.type == "filter"
        source = Source(kind, name if private else self._free_name(name), private)
        if settings is not None:
            source.settings.merge(settings)
        if kind.unversioned == "color_source":
            source.size = source.likely_size()  # others know theirs from the first frame on
        self._sources.append(source)
        return source

    def _make_scene(self, call: str, name: str) -> Scene:
        source = self._make(call, "scene", name, None)
        source.pinned = True  # the frontend keeps every public scene
        self._scene_names.append(source)
        assert source.scene is not None
        return source.scene

    def _put(self, source: Source, scene: Scene) -> Item:
        """On top of all that is there."""
        item = Item(next(self._numbers), source, scene)
        scene.items.append(item)
        return item

    def _drop_item(self, item: Item) -> None:
        if item in item.parent.items:
            item.parent.items.remove(item)
        item.dead = "the scene item was removed"

    def _drop_items_of(self, source: Source) -> None:
        for item in self._items():
            if item.source is source:
                self._drop_item(item)

    def _collect(self) -> None:
        """Destroys what nothing holds any more, as OBS does with the last release."""
        while True:
            used = {id(item.source) for item in self._items()}
            used |= {id(one) for source in self._sources for one in source.filters}
            gone = [one for one in self._sources if not one.refs and not one.pinned and id(one) not in used]
            if not gone:
                return
            for one in gone:
                one.dead = f"source {one.name!r} was destroyed"
                self._sources.remove(one)
                for item in list(one.scene.items) if one.scene else []:
                    self._drop_item(item)

    def _draw_frame(self) -> None:
        """What a frame brings: sizes, media states, groups around their items, and the end of what was removed."""
        for source in self._sources:
            source.size = source.likely_size()
            source.media_state = source.next_media_state
        for item in self._items():
            if item.source.removed:
                self._drop_item(item)
        for item in self._items():
            item.fit_group()
        for one in self._sources:
            one.pinned = one.pinned and not one.removed
        self._collect()

    def _defer(self, item: Item, call: str, step: int) -> None:
        depths = self._stack[-1].deferred
        depths[item, call] = depths.get((item, call), 0) + step
        if depths[item, call] < 0:
            self._violate(f"{call}_end without _begin")
        if call == "obs_sceneitem_defer_group_resize":
            item.deferred += step

    # -- the user in the main window

    def add_scene(self, name: str) -> None:
        """A new scene; the first one becomes the current one."""
        scene = self._make_scene("add_scene", name).source
        self._current_scene = self._current_scene or scene

    def use_studio_mode(self, preview: str = "") -> None:
        """The user turns on Studio Mode: viewers see a private copy of the scene (TransitionToScene, "Duplicate Scene")."""
        self.studio_mode, self.preview_scene = True, preview
        self._go_on_air(self._current_scene)

    def leave_studio_mode(self) -> None:
        """The user turns it off: the scene itself is on air again."""
        self.studio_mode = False
        self._go_on_air(self._current_scene)

    def items_on_air(self) -> list[ItemView]:
        """The items that viewers see or not, bottom first."""
        on_air = self._on_air()
        return [ItemView.of(item) for item in on_air.scene.items] if on_air is not None and on_air.scene is not None else []

    def create_source(self, kind: str, name: str, settings: Mapping[str, Any] | None = None, scene: str | None = None) -> None:
        """A source of the user's, on top of ``scene`` (default: the current one)."""
        into = self._scene(scene)
        self._put(self._make("create_source", kind, name, Data(settings)), into)

    def set_visible(self, name: str, is_visible: bool, scene: str | None = None) -> None:
        """The user shows or hides a source in a scene (default: the current one)."""
        for item in self._scene(scene).items:
            if item.source.name == name:
                item.visible = is_visible

    def delete_source(self, name: str) -> None:
        """The user deletes a source from all scenes; a group takes its children along."""
        source = self._the(name)
        doomed = [source, *(item.source for item in source.scene.items)] if source.is_group and source.scene else [source]
        for one in doomed:
            one.removed = True
            one.pinned = False
            self._drop_items_of(one)
        self._scene_names = [one for one in self._scene_names if one is not source]
        if self._current_scene is source:
            self._current_scene = self._scene_names[0] if self._scene_names else None
        self._collect()

    def rename_source(self, old: str, new: str) -> None:
        """The user renames a source; AssertionError when the name is taken, as OBS's window refuses it."""
        if self._named(new):
            raise AssertionError(f"cannot rename {old!r}: there is a {new!r}")
        source = self._the(old)
        source.name = new
        source.renames = 1 + max(one.renames for one in self._sources)

    def duplicate_source(self, name: str, new_name: str, scene: str | None = None, **changed: Any) -> None:
        """The user pastes a duplicate: a source of its own with all the settings of the first (obs_source_duplicate)."""
        source = self._the(name)
        self.create_source(source.kind.id, new_name, {**source.settings.json(), **changed}, scene)

    def change_source(self, name: str, settings: Mapping[str, Any]) -> None:
        """The user changes settings in the source's own window (not counted in ``updates``)."""
        self._the(name).settings.merge(Data(settings))

    def move_to_scene(self, name: str, scene: str) -> None:
        """The user cuts a top-level item and pastes it into another scene."""
        source = self._the(name)
        self._drop_items_of(source)
        self._put(source, self._scene(scene))

    def change_filter(self, source: str, name: str, settings: Mapping[str, Any]) -> None:
        """The user changes settings in a filter's window (not counted in ``updates``)."""
        next(one for one in self._the(source).filters if one.name == name).settings.merge(Data(settings))

    def remove_filter(self, source: str, name: str) -> None:
        """The user deletes a filter."""
        found = self._the(source)
        found.filters = [one for one in found.filters if one.name != name]
        self._collect()

    # -- what there is

    def source(self, name: str) -> SourceView | None:
        """The source as it is now, or None."""
        found = self._named(name)
        return SourceView.of(found, self.updates) if found else None

    def scene_name(self) -> str:
        """The scene that is on air."""
        return self._scene(None).source.name

    def sources(self) -> list[str]:
        """The names of all public sources, scenes and groups included."""
        return [one.name for one in self._sources if not one.private]

    def scene_items(self, scene: str | None = None) -> list[ItemView]:
        """The items of a scene (default: the current one), bottom first."""
        return [ItemView.of(item) for item in self._scene(scene).items]

    def updates_in_turn(self, turn: int | None = None) -> Sequence[Update]:
        """The obs_source_update calls of one timer turn (default: the last one)."""
        return [one for one in self.updates if one.turn == (self.turns if turn is None else turn)]
