"""obs-data.h: settings, as JSON-like values over defaults."""

from __future__ import annotations

import json
from typing import Any, Callable

from ..signatures import Signature, add, api
from ..things import NO_ARRAY, NO_DATA, Array, Data, as_number, as_string


def _scalar(kind: str, word: str, stored: Callable[[Any], Any], read: Callable[[Any], Any]) -> None:
    """The three functions of one type: set, set_default, get."""

    def set_value(_: Any, data: Data, name: str, value: Any) -> None:
        data.values[name] = stored(value)

    def set_default(_: Any, data: Data, name: str, value: Any) -> None:
        data.defaults[name] = stored(value)

    add(f"obs_data_set_{kind}", Signature(("data", "str", word)), set_value)
    add(f"obs_data_set_default_{kind}", Signature(("data", "str", word)), set_default)
    add(f"obs_data_get_{kind}", Signature(("data", "str")), lambda _, data, name: read(data.get(name)))


_scalar("string", "str?", lambda text: text or "", as_string)
_scalar("int", "int", int, lambda value: int(as_number(value)))
_scalar("double", "float", float, lambda value: float(as_number(value)))
_scalar("bool", "bool", bool, lambda value: value is True)


@api(gives="data", owned=True)
def obs_data_create(_: Any) -> Data:
    return Data()


@api("str", gives="data", owned=True)
def obs_data_create_from_json(_: Any, text: str) -> Data | None:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("duplicate key")  # JSON_REJECT_DUPLICATES in obs-data.c
        return dict(pairs)

    try:
        value = json.loads(text, object_pairs_hook=unique)
    except ValueError:
        return None
    if not isinstance(value, (dict, list)):
        return None
    return Data(value if isinstance(value, dict) else {})


@api("data!")
def obs_data_release(_: Any, data: Data) -> None: ...


@api("data")
def obs_data_get_json(_: Any, data: Data) -> str:
    return json.dumps(data.json(), ensure_ascii=False, separators=(",", ":"))


@api("data", "str")
def obs_data_erase(_: Any, data: Data, name: str) -> None:
    data.values.pop(name, None)
    data.defaults.pop(name, None)  # the whole item goes, default and all


@api("data", "str")
def obs_data_has_user_value(_: Any, data: Data, name: str) -> bool:
    return name in data.values


@api("data", "str", "data?")
def obs_data_set_obj(_: Any, data: Data, name: str, value: Data | None) -> None:
    data.values[name] = value if value is not None else NO_DATA


@api("data", "str", gives="data", owned=True)
def obs_data_get_obj(_: Any, data: Data, name: str) -> Data | None:
    value = data.get(name)
    return value if isinstance(value, Data) and value is not NO_DATA else None


@api("data", "str", "data_array?")
def obs_data_set_array(_: Any, data: Data, name: str, value: Array | None) -> None:
    data.values[name] = value if value is not None else NO_ARRAY


@api("data", "str", gives="data_array", owned=True)
def obs_data_get_array(_: Any, data: Data, name: str) -> Array | None:
    value = data.get(name)
    return value if isinstance(value, Array) and value is not NO_ARRAY else None


@api(gives="data_array", owned=True)
def obs_data_array_create(_: Any) -> Array:
    return Array()


@api("data_array!")
def obs_data_array_release(_: Any, array: Array) -> None: ...


@api("data_array?")
def obs_data_array_count(_: Any, array: Array | None) -> int:
    return len(array.items) if array else 0


@api("data_array", "uint", gives="data", owned=True)
def obs_data_array_item(_: Any, array: Array, index: int) -> Data | None:
    return array.items[index] if index < len(array.items) else None


@api("data_array", "data")
def obs_data_array_push_back(_: Any, array: Array, data: Data) -> int:
    array.items.append(data)
    return len(array.items) - 1
