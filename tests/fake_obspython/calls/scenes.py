"""obs.h: scenes, groups and their items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..signatures import Signature, add, api, lent, plain
from ..things import Data, Item, Scene, Source, obs_sceneitem_crop, vec2

if TYPE_CHECKING:
    from ..fake_obs import FakeObs

plain(
    "sceneitem",
    {
        "obs_sceneitem_get_id": ("id",),
        "obs_sceneitem_is_group": ("is_group",),
        "obs_sceneitem_visible": ("visible",),
        "obs_sceneitem_locked": ("locked",),
        "obs_sceneitem_selected": ("selected",),
        "obs_sceneitem_select": ("selected", "bool"),
        "obs_sceneitem_get_rot": ("rot",),
        "obs_sceneitem_set_rot": ("rot", "float"),
        "obs_sceneitem_get_alignment": ("alignment",),
        "obs_sceneitem_set_alignment": ("alignment", "uint"),
        "obs_sceneitem_get_bounds_type": ("bounds_type",),
        "obs_sceneitem_set_bounds_type": ("bounds_type", "int32"),
        "obs_sceneitem_get_bounds_alignment": ("bounds_alignment",),
        "obs_sceneitem_set_bounds_alignment": ("bounds_alignment", "uint"),
    },
)
plain(
    "sceneitem",
    {
        "obs_sceneitem_set_visible": ("visible", "bool"),
        "obs_sceneitem_set_locked": ("locked", "bool"),
    },
    result=True,
)
lent(
    "sceneitem",
    {
        "obs_sceneitem_get_source": ("source", "source"),
        "obs_sceneitem_get_scene": ("parent", "scene"),
        "obs_sceneitem_group_get_scene": ("group_scene", "scene"),
    },
)


def _point(attribute: str) -> None:
    """The getter and the setter of what is a struct vec2."""

    def read(_: Any, item: Item, out: vec2) -> None:
        out.x, out.y = getattr(item, attribute)

    def write(_: Any, item: Item, to: vec2) -> None:
        setattr(item, attribute, (float(to.x), float(to.y)))

    add(f"obs_sceneitem_get_{attribute}", Signature(("sceneitem", "vec2")), read)
    add(f"obs_sceneitem_set_{attribute}", Signature(("sceneitem", "vec2")), write)


for _attribute in ("pos", "scale", "bounds"):
    _point(_attribute)


@api("sceneitem", gives="data", owned=True)
def obs_sceneitem_get_private_settings(_: Any, item: Item) -> Data:
    return item.private  # the very object, no copy


@api("vec2", "float", "float")
def vec2_set(_: Any, out: vec2, x: float, y: float) -> None:
    out.x, out.y = x, y


@api("sceneitem", "crop")
def obs_sceneitem_set_crop(_: Any, item: Item, crop: obs_sceneitem_crop) -> None:
    item.crop = (crop.left, crop.top, crop.right, crop.bottom)


@api("sceneitem", "crop")
def obs_sceneitem_get_crop(_: Any, item: Item, out: obs_sceneitem_crop) -> None:
    out.left, out.top, out.right, out.bottom = item.crop


def _defer(call: str) -> None:
    """A pair of calls that must be balanced within a callback."""
    for end, step in (("begin", 1), ("end", -1)):
        add(f"{call}_{end}", Signature(("sceneitem",)), lambda fake, item, step=step: fake._defer(item, call, step))


_defer("obs_sceneitem_defer_update")
_defer("obs_sceneitem_defer_group_resize")


@api("sceneitem")
def obs_sceneitem_force_update_transform(_: Any, item: Item) -> None: ...


# -- scenes


@api("str", gives="scene", owned=True, waits_for_ui=True)
def obs_scene_create(fake: FakeObs, name: str) -> Scene:
    return fake._make_scene("obs_scene_create", name)


@api("scene!")
def obs_scene_release(fake: FakeObs, scene: Scene) -> None:
    fake._collect()


@api("source?", gives="scene")
def obs_scene_from_source(_: Any, source: Source | None) -> Scene | None:
    return source.scene if source and source.kind.id == "scene" else None


@api("source?", gives="scene")
def obs_group_from_source(_: Any, source: Source | None) -> Scene | None:
    return source.scene if source and source.is_group else None


@api("scene", "source", gives="sceneitem")
def obs_scene_add(fake: FakeObs, scene: Scene, source: Source) -> Item | None:
    if source.removed or source.kind.type == "filter" or source is scene.source:
        return None
    item = fake._put(source, scene)
    item.select_only()
    return item


@api("scene", "str", gives="sceneitem")
def obs_scene_add_group(fake: FakeObs, scene: Scene, name: str) -> Item:
    item = fake._put(fake._make("obs_scene_add_group", "group", name, None), scene)
    item.select_only()
    return item


@api("scene", "str", gives="sceneitem")
def obs_scene_find_source(_: Any, scene: Scene, name: str) -> Item | None:
    return next((one for one in scene.items if one.source.name == name), None)


@api("scene", "str", gives="sceneitem")
def obs_scene_find_source_recursive(_: Any, scene: Scene, name: str) -> Item | None:
    found = (one for item in scene.items for one in (item, *item.children))
    return next((one for one in found if one.source.name == name), None)


@api("scene", gives="[sceneitem]", owned=True)
def obs_scene_enum_items(_: Any, scene: Scene) -> list[Item]:
    return list(scene.items)


# -- items


@api("sceneitem", gives="[sceneitem]", owned=True)
def obs_sceneitem_group_enum_items(_: Any, group: Item) -> list[Item]:
    return list(group.children)


@api("list")
def sceneitem_list_release(fake: FakeObs, handles: list[Any]) -> None:
    for handle in handles:
        fake._release(handle, "sceneitem", "sceneitem_list_release")
    fake._collect()


@api("sceneitem!")
def obs_sceneitem_release(fake: FakeObs, item: Item) -> None:
    fake._collect()


@api("sceneitem")
def obs_sceneitem_remove(fake: FakeObs, item: Item) -> None:
    fake._drop_item(item)
    fake._collect()


@api("sceneitem", "int32")
def obs_sceneitem_set_order(_: Any, item: Item, movement: int) -> None:
    row = item.parent.items
    at = row.index(item)
    row.remove(item)
    row.insert({0: at + 1, 1: max(0, at - 1), 2: len(row), 3: 0}[movement], item)


@api("sceneitem", "int32")
def obs_sceneitem_set_order_position(_: Any, item: Item, position: int) -> None:
    row = item.parent.items
    row.remove(item)
    row.insert(min(position, len(row)), item)


@api("sceneitem")
def obs_sceneitem_get_order_position(_: Any, item: Item) -> int:
    return item.parent.items.index(item)


# -- groups


@api("scene", "sceneitem", gives="sceneitem")
def obs_sceneitem_get_group(_: Any, scene: Scene, item: Item) -> Item | None:
    return next((one for one in scene.items if one.group_scene is item.parent), None)


@api("sceneitem", "sceneitem")
def obs_sceneitem_group_add_item(fake: FakeObs, group: Item, item: Item) -> None:
    inner = group.group_scene
    if inner is None or item.parent is not group.parent or item is group:
        fake._violate("obs_sceneitem_group_add_item: the item must be beside the group in the same scene")
    if item.is_group:
        fake._violate("obs_sceneitem_group_add_item: OBS has no groups in groups")
    item.parent.items.remove(item)
    item.parent = inner
    inner.items.insert(0, item)  # below those before it
    group.fit_group()  # the item's position, unchanged, now counts from the group (seen in OBS 29)


@api("sceneitem", "sceneitem")
def obs_sceneitem_group_remove_item(_: Any, group: Item, item: Item) -> None:
    if item.parent is group.group_scene:
        item.parent.items.remove(item)
        item.parent = group.parent
        group.parent.items.insert(group.parent.items.index(group) + 1, item)
        item.pos = _outside(group, item)


@api("sceneitem")
def obs_sceneitem_group_ungroup(fake: FakeObs, group: Item) -> None:
    if group.is_group:
        place = group.parent.items.index(group)
        for offset, old in enumerate(list(group.children)):
            new = Item(next(fake._numbers), old.source, group.parent)
            new.pos = _outside(group, old)
            group.parent.items.insert(place + 1 + offset, new)
            fake._drop_item(old)
        fake._drop_item(group)
        fake._collect()


def _outside(group: Item, item: Item) -> tuple[float, float]:
    """Where an item of a group is in the group's scene, px."""
    return group.pos[0] + item.pos[0] * group.scale[0], group.pos[1] + item.pos[1] * group.scale[1]
