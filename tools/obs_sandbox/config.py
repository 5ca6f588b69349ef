"""The config folder of a sandbox: the settings files OBS finds there, and how it is kept inside. Starts nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

SCENE = "Scene"
BACKGROUND = "Background"

RECORDINGS = "recordings"
"""The folder, inside of the sandbox's, for what OBS records. The replay buffer can be started."""

RULES_KEY = bytes(range(32))
"""Each sandbox's user has this one (vmsc_core/obs/rules_key.py): tools/own_rules.py signs rules with it."""

Scripts = Sequence[tuple[Path, Mapping[str, Any]]]
"""Path and settings of each script."""


@dataclass(frozen=True)
class Config:
    """What an OBS is to find when it starts: canvas in px, frames a second, whether it shows the scene in its own window.

    `collections` are the scene collections, the first of which is loaded, each with its scripts. `background` (0xAABBGGRR)
    fills the canvas. `port` is obs-websocket's. `version` is that of the collections: from OBS 31 on, 2 keeps places in
    relative coordinates, without it they stay in px.
    """

    port: int
    canvas: tuple[int, int]
    fps: int
    preview: bool
    background: Optional[int]
    collections: Mapping[str, Scripts]
    version: int = 1

    def write(self, folder: Path) -> None:
        """Write all of it for an OBS that is started with system_folders(folder)."""
        config = config_folder(folder)
        scenes = config / "basic" / "scenes"
        profile = config / "basic" / "profiles" / "Untitled"
        websocket = config / "plugin_config" / "obs-websocket"
        for one in (scenes, profile, websocket):
            one.mkdir(parents=True)
        _write_ini(config / "global.ini", self._global())
        _write_ini(profile / "basic.ini", self._profile(folder / RECORDINGS))
        (folder / RECORDINGS).mkdir()
        # From OBS 31 on obs-websocket reads this one; an older OBS leaves it alone.
        (websocket / "config.json").write_text(
            json.dumps(
                {"first_load": False, "server_enabled": True, "server_port": self.port, "alerts_enabled": False,
                 "auth_required": False, "server_password": "x"}
            )
        )  # fmt: skip
        key = user_folder(folder) / "vmsc-for-obs" / "rules-key"
        key.parent.mkdir(parents=True, exist_ok=True)
        key.write_bytes(RULES_KEY)
        for name, scripts in self.collections.items():
            (scenes / f"{name}.json").write_text(json.dumps(self._collection(name, scripts)), encoding="utf-8")

    def _global(self) -> dict[str, dict[str, str]]:
        first = next(iter(self.collections))
        no_old_defaults = {f"Pre{version}Defaults": "false" for version in ("19", "20", "21", "23", "24.1")}
        sections = {
            "General": {
                "FirstRun": "true", "LastVersion": "486539266", "EnableAutoUpdates": "false", **no_old_defaults,
            },
            "Basic": {
                "Profile": "Untitled", "ProfileDir": "Untitled", "SceneCollection": first, "SceneCollectionFile": first,
            },
            "OBSWebSocket": {
                "FirstLoad": "false", "ServerEnabled": "true", "ServerPort": str(self.port), "AlertsEnabled": "false",
                "AuthRequired": "false", "ServerPassword": "x",
            },
        }  # fmt: skip
        if not self.preview:
            # OBS on X11 throws away what lies in the queue it shares with its own windows each time it shows a picture in one
            # (gl_x11_egl_device_present): a click, a key or a "paint yourself" is lost now and then.
            sections["BasicWindow"] = {"PreviewEnabled": "false"}
        if sys.platform in ("win32", "darwin"):
            sections["Python"] = {"Path64bit": python_folder()}
        return sections

    def _profile(self, recordings: Path) -> dict[str, dict[str, str]]:
        width, height = self.canvas
        video = {
            "BaseCX": width,
            "BaseCY": height,
            "OutputCX": width,
            "OutputCY": height,
            "FPSType": 1,  # a whole number
            "FPSInt": self.fps,
        }
        # The second format is for OBS 30.2 and newer: the one that takes chapters. An older OBS doesn't look at it.
        output = {"FilePath": recordings.as_posix(), "RecFormat2": "hybrid_mp4", "RecRB": "true"}
        return {
            "General": {"Name": "Untitled"},
            "Video": {key: str(value) for key, value in video.items()},
            "SimpleOutput": output,
        }

    def _collection(self, name: str, scripts: Scripts) -> dict[str, Any]:
        sources: list[dict[str, Any]] = []
        items: list[dict[str, Any]] = []
        if self.background is not None:
            width, height = self.canvas
            settings = {"color": self.background, "width": width, "height": height}
            kind = "color_source_v3"
            sources.append({"id": "color_source", "versioned_id": kind, "name": BACKGROUND, "settings": settings})
            items.append({
                "name": BACKGROUND, "id": 1, "visible": True, "locked": True, "pos": {"x": 0, "y": 0},
                "scale": {"x": 1, "y": 1}, "align": 5, "bounds_type": 0, "bounds": {"x": 0, "y": 0},
            })  # fmt: skip
        scene = {"items": items, "id_counter": len(items), "custom_size": False}
        sources.append({"id": "scene", "name": SCENE, "settings": scene})
        return {
            **({"version": self.version} if self.version > 1 else {}),
            "name": name,
            "current_scene": SCENE,
            "current_program_scene": SCENE,
            "scene_order": [{"name": SCENE}],
            "sources": sources,
            "modules": {"scripts-tool": [{"path": str(path), "settings": dict(values)} for path, values in scripts]},
        }


def user_folder(folder: Path) -> Path:
    """Where programs that were started with system_folders(folder) keep their settings."""
    return folder / "Library" / "Application Support" if sys.platform == "darwin" else folder / "config"


def config_folder(folder: Path) -> Path:
    """Where an OBS that was started with system_folders(folder) keeps its config."""
    return user_folder(folder) / "obs-studio"


def forget_unclean_exit(folder: Path) -> None:
    """Removes what an OBS that was killed leaves behind: the next one would offer safe mode, which loads no script."""
    config = config_folder(folder)
    (config / "safe_mode").unlink(missing_ok=True)  # OBS 30 and 31
    shutil.rmtree(config / ".sentinel", ignore_errors=True)  # OBS 32


def python_folder() -> str:
    """What OBS on Windows and macOS has to be told to load this very Python (obs-scripting-python-import.c).

    The folder with python312.dll, or the one with Python.framework: three above …/Python.framework/Versions/3.12.
    """
    return str(Path(sys.base_prefix).parents[2]) if sys.platform == "darwin" else sys.base_prefix


def system_folders(folder: Path, program: str) -> tuple[Optional[str], list[str], dict[str, str]]:
    """How OBS is kept inside `folder`: (working folder, [program, arguments …] or [], environment).

    Linux: the XDG variables. macOS: Foundation takes its home from CFFIXED_USER_HOME. Windows: the config path comes from
    the system and cannot be moved, but portable mode keeps it in ../../config seen from the working folder, so OBS runs
    through junctions that lie in `folder`.
    """
    if sys.platform == "win32":
        installed = Path(program).parents[2]
        for part in ("data", "obs-plugins"):
            if not (folder / part).exists():
                _junction(folder / part, installed / part)
        (folder / "bin").mkdir(exist_ok=True)
        if not (folder / "bin" / "64bit").exists():
            _junction(folder / "bin" / "64bit", installed / "bin" / "64bit")
        inside = folder / "bin" / "64bit"
        # OBS itself doesn't ask this variable; the script does.
        return str(inside), [str(inside / Path(program).name), "--portable"], {"APPDATA": str(user_folder(folder))}
    if sys.platform == "darwin":
        return None, [], {"CFFIXED_USER_HOME": str(folder), "HOME": str(folder)}
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    variables = {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_CACHE_HOME": str(folder / "cache")}
    if not os.environ.get("XDG_RUNTIME_DIR"):
        variables["XDG_RUNTIME_DIR"] = str(runtime)
    return str(folder), [], variables


def _junction(link: Path, target: Path) -> None:
    subprocess.run(["cmd", "/c", "mklink", "/J", str(link), str(target)], check=True, capture_output=True)


def _write_ini(path: Path, sections: Mapping[str, Mapping[str, str]]) -> None:
    rows = [f"[{section}]\n" + "".join(f"{key}={value}\n" for key, value in pairs.items()) for section, pairs in sections.items()]
    path.write_text("\n".join(rows), encoding="utf-8")
