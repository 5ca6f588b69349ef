"""The numbers and names of obspython: what the fake has of them, and what it refuses. Knows no behavior."""

from __future__ import annotations

EVENTS = [
    "STREAMING_STARTING",
    "STREAMING_STARTED",
    "STREAMING_STOPPING",
    "STREAMING_STOPPED",
    "RECORDING_STARTING",
    "RECORDING_STARTED",
    "RECORDING_STOPPING",
    "RECORDING_STOPPED",
    "SCENE_CHANGED",
    "SCENE_LIST_CHANGED",
    "TRANSITION_CHANGED",
    "TRANSITION_STOPPED",
    "TRANSITION_LIST_CHANGED",
    "SCENE_COLLECTION_CHANGED",
    "SCENE_COLLECTION_LIST_CHANGED",
    "PROFILE_CHANGED",
    "PROFILE_LIST_CHANGED",
    "EXIT",
    "REPLAY_BUFFER_STARTING",
    "REPLAY_BUFFER_STARTED",
    "REPLAY_BUFFER_STOPPING",
    "REPLAY_BUFFER_STOPPED",
    "STUDIO_MODE_ENABLED",
    "STUDIO_MODE_DISABLED",
    "PREVIEW_SCENE_CHANGED",
    "SCENE_COLLECTION_CLEANUP",
    "FINISHED_LOADING",
    "RECORDING_PAUSED",
    "RECORDING_UNPAUSED",
    "TRANSITION_DURATION_CHANGED",
    "REPLAY_BUFFER_SAVED",
    "VIRTUALCAM_STARTED",
    "VIRTUALCAM_STOPPED",
    "TBAR_VALUE_CHANGED",
    "SCENE_COLLECTION_CHANGING",
    "PROFILE_CHANGING",
    "SCRIPTING_SHUTDOWN",
    "PROFILE_RENAMED",
    "SCENE_COLLECTION_RENAMED",
    "THEME_CHANGED",
    "SCREENSHOT_TAKEN",
]

CONSTANTS: dict[str, int] = {
    "LOG_ERROR": 100,
    "LOG_WARNING": 200,
    "LOG_INFO": 300,
    "LOG_DEBUG": 400,
    "OBS_COMBO_INVALID": 0,  # obs_group_type's first name, as misnamed in obs-properties.h
    "OBS_GROUP_NORMAL": 1,
    "OBS_GROUP_CHECKABLE": 2,
}
for _prefix, _names in (
    ("OBS_FRONTEND_EVENT_", EVENTS),
    ("OBS_ORDER_MOVE_", ["UP", "DOWN", "TOP", "BOTTOM"]),
    ("OBS_BOUNDS_", ["NONE", "STRETCH", "SCALE_INNER", "SCALE_OUTER", "SCALE_TO_WIDTH", "SCALE_TO_HEIGHT", "MAX_ONLY"]),
    ("OBS_MEDIA_STATE_", ["NONE", "PLAYING", "OPENING", "BUFFERING", "PAUSED", "STOPPED", "ENDED", "ERROR"]),
    ("OBS_COMBO_FORMAT_", ["INVALID", "INT", "FLOAT", "STRING", "BOOL"]),
    ("OBS_COMBO_TYPE_", ["INVALID", "EDITABLE", "LIST", "RADIO"]),
    ("OBS_TEXT_", ["DEFAULT", "PASSWORD", "MULTILINE", "INFO"]),
    ("OBS_TEXT_INFO_", ["NORMAL", "WARNING", "ERROR"]),
    ("OBS_BUTTON_", ["DEFAULT", "URL"]),
):
    CONSTANTS.update({_prefix + _name: _number for _number, _name in enumerate(_names)})

SINCE: dict[str, tuple[int, int, int]] = {
    "OBS_COMBO_FORMAT_BOOL": (30, 0, 0),
    "OBS_COMBO_TYPE_RADIO": (30, 0, 0),
    "obs_frontend_recording_add_chapter": (30, 2, 0),
    "obs_source_get_uuid": (29, 1, 0),
    "obs_get_source_by_uuid": (29, 1, 0),
}
"""What an older OBS does not have."""

# OBS_ALIGN_LEFT | OBS_ALIGN_TOP. The names come from obs-defs.h, which obspython leaves out: a script has to know.
TOP_LEFT = 1 | 4

_POINTERS = "it takes C function pointers or out-parameters"
UNUSABLE: dict[str, str] = {
    "obs_enum_scenes": _POINTERS,
    "obs_enum_hotkeys": _POINTERS,
    "obs_enum_all_sources": _POINTERS,
    "obs_queue_task": _POINTERS,
    "obs_source_enum_filters": _POINTERS,
    "obs_scene_atomic_update": _POINTERS,
    "obs_enum_source_types": _POINTERS,
    "obs_properties_add_button2": _POINTERS,
    "obs_hotkey_pair_save": _POINTERS,
    "signal_handler_connect": "its callback can deadlock OBS, the signal's lock against the GIL",
}
"""In obspython, but not to be called from Python, and why."""
