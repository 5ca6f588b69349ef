"""OBS's counted references, each released at the end of a `with`. Knows no card.

Rule: every reference got here is released in the function that got it, also when something raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import obspython as obs


@contextmanager
def source_named(name: str) -> Iterator[Any]:
    """The source of that name, or None; released at the end."""
    source = obs.obs_get_source_by_name(name) if name else None
    try:
        yield source
    finally:
        if source is not None:
            obs.obs_source_release(source)


@contextmanager
def settings_of(source: Any) -> Iterator[Any]:
    """The settings of a source; released at the end."""
    data = obs.obs_source_get_settings(source)
    try:
        yield data
    finally:
        obs.obs_data_release(data)


@contextmanager
def new_data() -> Iterator[Any]:
    """Empty settings; released at the end."""
    data = obs.obs_data_create()
    try:
        yield data
    finally:
        obs.obs_data_release(data)


@contextmanager
def all_sources() -> Iterator[Any]:
    """Every input OBS has; released at the end."""
    sources = obs.obs_enum_sources()
    try:
        yield sources or []
    finally:
        if sources is not None:
            obs.source_list_release(sources)
