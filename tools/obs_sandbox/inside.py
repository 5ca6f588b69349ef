"""What obs-websocket says of an OBS and does in it: pictures, sources, scene items, hotkeys, collections."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Callable, Optional, Union

from .config import SCENE


class Inside:
    """The part of ObsSandbox that asks obs-websocket."""

    ws: Any
    """The obs-websocket client, an obsws_python.ReqClient."""
    wait: Callable[..., Any]
    still_runs: Callable[[], None]

    def ask(self, request: str, data: Optional[Mapping[str, Any]] = None) -> dict[str, Any]:
        """The answer to one request of obs-websocket's protocol, as it is. ObsDidNotStart when OBS has ended meanwhile."""
        from obsws_python.error import OBSSDKRequestError

        try:
            return dict(self.ws.send(request, dict(data) if data else None, raw=True) or {})
        except OBSSDKRequestError:  # an answer: it says no
            raise
        except Exception:
            time.sleep(0.5)  # the socket goes before the process
            self.still_runs()
            raise

    @property
    def version(self) -> str:
        """OBS's own version, as "30.2.3"."""
        return str(self.ask("GetVersion")["obsVersion"])

    def scene_screenshot(self, path: Optional[Union[str, Path]] = None) -> Any:
        """The current scene as viewers see it, a PIL.Image (RGBA) of the canvas's size; also written to `path`."""
        return self.source_screenshot(self.ws.get_current_program_scene().current_program_scene_name, path)

    def source_screenshot(self, name: str, path: Optional[Union[str, Path]] = None) -> Any:
        """One source, group or scene as a PIL.Image (RGBA); also written to `path`."""
        from PIL import Image

        answer = self.ask("GetSourceScreenshot", {"sourceName": name, "imageFormat": "png"})
        picture = Image.open(io.BytesIO(base64.b64decode(answer["imageData"].split(",", 1)[1]))).convert("RGBA")
        if path is not None:
            picture.save(path)
        return picture

    def inputs(self) -> list[str]:
        """Names of all inputs there are, in scenes and groups."""
        return [str(row["inputName"]) for row in self.ask("GetInputList")["inputs"]]

    def input_settings(self, name: str) -> dict[str, Any]:
        """The settings of an input, defaults filled in."""
        answer = self.ask("GetInputSettings", {"inputName": name})
        defaults = self.ask("GetInputDefaultSettings", {"inputKind": answer["inputKind"]})
        return {**defaults["defaultInputSettings"], **answer["inputSettings"]}

    def scene_items(self, scene: str = SCENE) -> list[dict[str, Any]]:
        """The items of a scene as obs-websocket lists them, from the bottom to the top."""
        return list(self.ask("GetSceneItemList", {"sceneName": scene})["sceneItems"])

    def group_items(self, name: str) -> list[dict[str, Any]]:
        """The items of a group as obs-websocket lists them, from the bottom to the top."""
        return list(self.ask("GetGroupSceneItemList", {"sceneName": name})["sceneItems"])

    def hotkey(self, name: str) -> None:
        """Triggers a hotkey by the name it was registered under (not the one the user reads)."""
        self.ask("TriggerHotkeyByName", {"hotkeyName": name})

    def hotkeys(self) -> list[str]:
        """The names of all hotkeys there are."""
        return list(self.ask("GetHotkeyList")["hotkeys"])

    def switch_collection(self, name: str) -> None:
        """Loads another scene collection and waits until it is there; scripts are unloaded and loaded by that."""
        self.ask("SetCurrentSceneCollection", {"sceneCollectionName": name})
        self.wait(lambda: self.ask("GetSceneCollectionList")["currentSceneCollectionName"] == name, 20)
