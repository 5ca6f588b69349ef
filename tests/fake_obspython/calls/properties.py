"""obs-properties.h: the page a script shows in Tools > Scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ..constants import CONSTANTS
from ..signatures import Signature, add, api, lent, plain
from ..things import Properties, Property

if TYPE_CHECKING:
    from ..fake_obs import FakeObs

plain(
    "property",
    {
        "obs_property_name": ("name",),
        "obs_property_description": ("text",),
        "obs_property_set_description": ("text", "str"),
        "obs_property_long_description": ("long_text",),
        "obs_property_visible": ("visible",),
        "obs_property_set_visible": ("visible", "bool"),
        "obs_property_enabled": ("enabled",),
        "obs_property_set_enabled": ("enabled", "bool"),
        "obs_property_set_modified_callback": ("modified", "callback"),
    },
)
lent("property", {"obs_property_group_content": ("content", "properties")})

SIMPLE_FIELDS: dict[str, tuple[str, dict[str, str]]] = {
    "obs_properties_add_bool": ("bool", {}),
    "obs_properties_add_text": ("text", {"text_type": "int32"}),
    "obs_properties_add_list": ("list", {"combo_type": "int32", "format": "int32"}),
}
"""Fields that need no more than a row: the kind, and what is told besides name and text, each with its word."""


def _field(fake: FakeObs, to: Properties, name: str, kind: str, text: str, **extra: Any) -> Property:
    if to.top().find(name):
        fake._violate(f"there is a property {name!r} on this page already; OBS would return None")
    made = to.fields[name] = Property(to, name, kind, text, extra)
    return made


def _simple_field(call: str, kind: str, more: dict[str, str]) -> None:
    def make(fake: FakeObs, to: Properties, name: str, text: str, *values: Any) -> Property:
        return _field(fake, to, name, kind, text, **dict(zip(more, values)))

    add(call, Signature(("properties", "str", "str", *more.values()), "property"), make)


for _call, _row in SIMPLE_FIELDS.items():
    _simple_field(_call, *_row)


@api(gives="properties")
def obs_properties_create(fake: FakeObs) -> Properties:
    made = Properties()
    fake._loose_properties.append(made)
    return made


@api("properties", "pystr", "pystr", "callback", gives="property")
def obs_properties_add_button(fake: FakeObs, to: Properties, name: str, text: str, callback: Callable[..., Any]) -> Property:
    made = _field(fake, to, name, "button", text)
    made.callback = callback
    return made


@api("properties", "str", "str", "int32", "properties", gives="property")
def obs_properties_add_group(fake: FakeObs, to: Properties, name: str, text: str, type: int, content: Properties) -> Property:
    if content.parent is not None or content is to:
        fake._violate(f"obs_properties_add_group({name!r}): its content is on a page already")
    twice = [one for one in content.fields if to.top().find(one)]
    if twice:
        fake._violate(f"obs_properties_add_group({name!r}): {twice} are on the page already")
    made = _field(fake, to, name, "group", text, group_type=type)
    made.content = content
    content.parent = made
    fake._place_properties(content)
    return made


@api("properties", "str", gives="property")
def obs_properties_get(_: Any, properties: Properties, name: str) -> Property | None:
    return properties.find(name)


@api("properties", "str")
def obs_properties_remove_by_name(_: Any, properties: Properties, name: str) -> None:
    found = properties.find(name)
    if found:
        del found.owner.fields[name]
        found.destroy("removed by obs_properties_remove_by_name")


@api("property", "str?")
def obs_property_set_long_description(_: Any, one: Property, text: str | None) -> None:
    one.long_text = text or None


# -- of one kind of field only


def _needs(fake: FakeObs, one: Property, kind: str) -> None:
    if one.kind != kind:
        fake._violate(f"property {one.name!r} is a {one.kind}, not a {kind}")


@api("property", "int32")
def obs_property_text_set_info_type(fake: FakeObs, one: Property, type: int) -> None:
    _needs(fake, one, "text")
    one.extra["info_type"] = type


@api("property")
def obs_property_text_info_type(fake: FakeObs, one: Property) -> int:
    _needs(fake, one, "text")
    return int(one.extra.get("info_type", CONSTANTS["OBS_TEXT_INFO_NORMAL"]))


@api("property")
def obs_property_button_type(fake: FakeObs, one: Property) -> int:
    _needs(fake, one, "button")
    return int(one.extra.get("button_type", CONSTANTS["OBS_BUTTON_DEFAULT"]))


@api("property", "int32")
def obs_property_button_set_type(fake: FakeObs, one: Property, type: int) -> None:
    _needs(fake, one, "button")
    one.extra["button_type"] = type


@api("property", "str")
def obs_property_button_set_url(fake: FakeObs, one: Property, url: str) -> None:
    _needs(fake, one, "button")
    if one.extra.get("url") is not None:
        fake._violate(f"obs_property_button_set_url({one.name!r}): OBS never frees the address it had before")
    one.extra["url"] = url


@api("property")
def obs_property_button_url(fake: FakeObs, one: Property) -> str | None:
    _needs(fake, one, "button")
    return one.extra.get("url")


@api("property")
def obs_property_list_clear(fake: FakeObs, one: Property) -> None:
    _needs(fake, one, "list")
    one.options.clear()


@api("property")
def obs_property_list_item_count(fake: FakeObs, one: Property) -> int:
    _needs(fake, one, "list")
    return len(one.options)


@api("property", "uint")
def obs_property_list_item_name(fake: FakeObs, one: Property, at: int) -> str | None:
    _needs(fake, one, "list")
    return one.options[at][0] if at < len(one.options) else None


@api("property", "uint")
def obs_property_list_item_string(fake: FakeObs, one: Property, at: int) -> str | None:
    _needs(fake, one, "list")
    return one.options[at][1] if at < len(one.options) else None


def _list_entry(call: str, word: str, format: str, words: str) -> None:
    def add_entry(fake: FakeObs, one: Property, text: str, value: Any) -> int:
        _needs(fake, one, "list")
        if one.extra["format"] != CONSTANTS[format]:
            fake._violate(f"{call}: {one.name!r} is no list of {words}")
        one.options.append((text, value))
        return len(one.options) - 1

    add(call, Signature(("property", "str", word)), add_entry)


_list_entry("obs_property_list_add_string", "str", "OBS_COMBO_FORMAT_STRING", "strings")
_list_entry("obs_property_list_add_int", "int", "OBS_COMBO_FORMAT_INT", "numbers")
