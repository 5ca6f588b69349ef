"""obs-frontend-api.h: scenes on air, streaming, recording, and what else OBS's window does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ..signatures import Signature, add, api
from ..things import Source

if TYPE_CHECKING:
    from ..fake_obs import FakeObs

QUEUED: dict[str, tuple[str, ...]] = {
    "obs_frontend_streaming_start": (),
    "obs_frontend_streaming_stop": (),
    "obs_frontend_recording_start": (),
    "obs_frontend_recording_stop": (),
    "obs_frontend_recording_pause": ("bool",),
    "obs_frontend_replay_buffer_start": (),
    "obs_frontend_replay_buffer_save": (),
    "obs_frontend_replay_buffer_stop": (),
}
"""Recorded in FakeObs.frontend_calls; queued by OBS, so safe from a timer. Each with what it takes."""

ASKED = (
    "obs_frontend_streaming_active",
    "obs_frontend_recording_active",
    "obs_frontend_recording_paused",
    "obs_frontend_replay_buffer_active",
)
"""Answered from FakeObs.answers."""

WAITING: dict[str, tuple[tuple[str, ...], str]] = {
    "obs_frontend_set_current_preview_scene": (("source",), "PREVIEW_SCENE_CHANGED"),
    "obs_frontend_set_current_transition": (("source",), "TRANSITION_CHANGED"),
    "obs_frontend_set_current_profile": (("str",), "PROFILE_CHANGED"),
    "obs_hotkey_trigger_routed_callback": (("int", "bool"), ""),
    "obs_frontend_open_projector": (("str", "int32", "str", "str"), ""),
}
"""They wait for the UI thread; each with what it takes, and the event that is fired inside the call."""


def _recorded(name: str, takes: tuple[str, ...], event: str = "", **how: Any) -> None:
    def call(fake: FakeObs, *args: Any) -> None:
        told = tuple(one.name if isinstance(one, Source) else one for one in args)
        fake.frontend_calls.append((name, told or None))
        if event:
            fake._fire(event)

    add(name, Signature(takes, **how), call)


def _asked(name: str) -> None:
    add(name, Signature(()), lambda fake: fake.answers.get(name, False))


for _name, _takes in QUEUED.items():
    _recorded(_name, _takes)
for _name in ASKED:
    _asked(_name)
for _name, (_takes, _event) in WAITING.items():
    _recorded(_name, _takes, _event, waits_for_ui=True)


@api("str?")
def obs_frontend_recording_add_chapter(fake: FakeObs, name: str | None) -> bool:
    fake.frontend_calls.append(("obs_frontend_recording_add_chapter", name))
    return fake.answers.get("obs_frontend_recording_active", False)


@api(gives="source", owned=True)
def obs_frontend_get_current_scene(fake: FakeObs) -> Source | None:
    if fake._current_scene is None:
        fake._violate("obs_frontend_get_current_scene without a scene logs a warning, which pops up")
    return fake._current_scene


@api("uint", gives="source", owned=True)
def obs_get_output_source(fake: FakeObs, channel: int) -> Source | None:
    return fake._transition if channel == 0 and fake._current_scene is not None else None


@api("source")
def obs_transition_get_time(fake: FakeObs, transition: Source) -> float:
    return fake.transition_time


@api()
def obs_frontend_preview_program_mode_active(fake: FakeObs) -> bool:
    return fake.studio_mode


@api("source", gives="source", owned=True)
def obs_transition_get_active_source(fake: FakeObs, transition: Source) -> Source | None:
    return fake._on_air() if transition is fake._transition else None


@api(gives="source", owned=True)
def obs_frontend_get_current_preview_scene(fake: FakeObs) -> Source | None:
    if not fake.studio_mode:
        return None
    return fake._named(fake.preview_scene) if fake.preview_scene else fake._current_scene


@api(gives="[source]", owned=True)
def obs_frontend_get_scenes(fake: FakeObs) -> list[Source]:
    return list(fake._scene_names)


@api()
def obs_frontend_get_scene_names(fake: FakeObs) -> list[str]:
    return [one.name for one in fake._scene_names]


@api("source", waits_for_ui=True)
def obs_frontend_set_current_scene(fake: FakeObs, scene: Source) -> None:
    if fake.studio_mode and 0.0 < fake.transition_time < 1.0:
        return  # as OBS does (TransitionToScene)
    fake._go_on_air(scene)
    fake._fire("SCENE_CHANGED")


@api("str", waits_for_ui=True)
def obs_frontend_set_current_scene_collection(fake: FakeObs, name: str) -> None:
    fake._violate("obs_frontend_set_current_scene_collection from a script unloads it in its own callback")


@api()
def obs_frontend_save(fake: FakeObs) -> None:
    fake.saves += 1
    fake._ui_queue.append(fake._save_project)


@api("callback", registers=True)
def obs_frontend_add_event_callback(fake: FakeObs, callback: Callable[[int], Any]) -> None:
    fake.event_callbacks.append(callback)
