"""A real OBS in its own config folder, on its own screen, for tests and for trying the script.

Knows OBS and obs-websocket, not what the script does. The user's own OBS is never touched: every file OBS writes lands in a
temporary folder, and websocket-client reaches OBS's Python through PYTHONPATH.

Order of use::

    with ObsSandbox("vmsc_obs.py", settings={"username": "speedy"}) as obs:
        obs.scene_screenshot("scene.png")          # PIL.Image
        obs.input_settings("Kick status card: dot")["color"]
        assert obs.warnings() == []
        ended = obs.quit()                         # ended.code, .seconds, .leaks, .profile; ObsHung when it does not end

Several sandboxes can run side by side: X server and ports are free ones. Linux is what the tests run on; `system_folders`
says how the folder is kept apart on Windows and macOS, which has been read in OBS's source but not been run.

From a terminal: ``python3 tools/obs_sandbox.py --script vmsc_obs.py`` runs until Ctrl-C.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import ctypes
import importlib.util
import io
import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Optional, Union

SCENE = "Scene"
BACKGROUND = "Background"
START_SECONDS = 60.0
"""OBS on a software renderer and a busy machine; 3 s is usual."""

SCREEN = (1280, 1400)
"""px; high enough for a script's whole page."""

PAGE_LEFT = 640
"""px; where the script's page begins in a Scripts window as large as the screen."""

MENU_BAR = 25
"""px; its height in OBS's main window."""

LEVELS_THAT_POP_UP = ("warning", "error")
"""A line of a script at one of these opens OBS's Script Log over the stream (frontend-tools/scripts.cpp)."""

SCRIPT_LINE = re.compile(r"\[(Python|Lua|Unknown Script|[^\]]*\.(py|lua))\b")
LOG_LINE = re.compile(r"^(?:\d\d:\d\d:\d\d\.\d{3}: )?(debug|info|warning|error): (.*)$")
TICK_LINE = re.compile(
    r"tick_sources: min=([\d.]+)\sms, median=([\d.]+)\sms, max=([\d.]+)\sms, 99th percentile=([\d.]+)\sms"
)  # \s: OBS writes a no-break space there


class ObsMissing(RuntimeError):
    """Something the sandbox needs is not on this machine; the text says what, and how to get it."""


class ObsDidNotStart(RuntimeError):
    """OBS ended or stayed silent before it could be used; the text ends with its last log lines."""


class ObsHung(RuntimeError):
    """OBS did not end in time after it was told to; it has been killed."""


@dataclass(frozen=True)
class TickProfile:
    """How long OBS's tick_sources took, ms: scripts' timers are in there."""

    minimum: float
    median: float
    maximum: float
    p99: float


@dataclass(frozen=True)
class Exit:
    """How OBS ended: exit code (139 or -11 is a crash), seconds it took, its own leak count (None: not told), profiler text."""

    code: int
    seconds: float
    leaks: Optional[int]
    profile: str

    @property
    def tick(self) -> Optional[TickProfile]:
        """The line of the profiler that a script's timers are in; None when OBS printed no profile."""
        found = TICK_LINE.search(self.profile)
        return TickProfile(*(float(number) for number in found.groups())) if found else None


def missing_parts(headless: bool = True) -> list[str]:
    """What an ObsSandbox needs and this machine lacks, one sentence each; empty when all is there."""
    found = []
    if find_obs() is None:
        found.append("OBS is missing (Debian/Ubuntu: apt-get install obs-studio; elsewhere: https://obsproject.com/download).")
    if headless and sys.platform.startswith("linux"):
        if shutil.which("xdotool") is None:
            found.append("xdotool is missing (Debian/Ubuntu: apt-get install xdotool).")
        if shutil.which("Xvfb") is None:
            found.append("Xvfb, a screen in memory, is missing (Debian/Ubuntu: apt-get install xvfb).")
        if not _software_renderer_there():
            found.append("A software OpenGL is missing (Debian/Ubuntu: apt-get install libgl1-mesa-dri).")
    if importlib.util.find_spec("obsws_python") is None or importlib.util.find_spec("PIL") is None:
        found.append("obsws-python or Pillow is missing (pip install -r tools/requirements-dev.txt).")
    return found


def find_obs() -> Optional[str]:
    """OBS's program: on PATH, else at the places where its installers put it; None when it is nowhere."""
    on_path = shutil.which("obs")
    if on_path is not None:
        return on_path
    places = []
    if sys.platform == "win32":
        for variable in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
            if os.environ.get(variable):
                places.append(os.path.join(os.environ[variable], "obs-studio", "bin", "64bit", "obs64.exe"))
    elif sys.platform == "darwin":
        places = [
            "/Applications/OBS.app/Contents/MacOS/OBS",
            os.path.expanduser("~/Applications/OBS.app/Contents/MacOS/OBS"),
        ]
    return next((place for place in places if os.path.isfile(place)), None)


def _software_renderer_there() -> bool:
    folders = [*Path("/usr/lib").glob("*/dri"), Path("/usr/lib/dri"), Path("/usr/lib64/dri")]
    return any((folder / "swrast_dri.so").exists() for folder in folders) or any(Path("/usr/lib").glob("*/libgallium-*.so"))


def free_port() -> int:
    """A TCP port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Box:
    """A rectangle on the screen, px."""

    left: int
    top: int
    width: int
    height: int

    @classmethod
    def around(cls, words: Sequence[Word]) -> Box:
        """The smallest box that holds all of `words`."""
        left, top = min(word.left for word in words), min(word.top for word in words)
        right = max(word.left + word.width for word in words)
        return cls(left, top, right - left, max(word.top + word.height for word in words) - top)

    @property
    def center(self) -> tuple[int, int]:
        """Its middle, px."""
        return self.left + self.width // 2, self.top + self.height // 2


@dataclass(frozen=True)
class Word(Box):
    """A word read off the screen; words with the same `line` stand in one line."""

    text: str
    line: tuple[int, ...]


class ObsSandbox:
    """One OBS. Entering starts it and waits until it renders and answers; leaving ends it and removes its folder.

    `script` is loaded with `settings` in the first of `collections`, or in those named in `scripted`; `more_scripts` are
    further (path, settings) pairs. `canvas` is in px, `fps` frames a second; `background` (0xAABBGGRR, OBS's own order) fills
    the canvas. `headless=False` uses the screen that is there. `websocket_client=False` leaves the library out of OBS's reach.
    `python_path` are further folders for OBS's Python, `environment` further variables. `preview` shows the scene in OBS's
    own window; on a screen in memory it is off unless it is asked for, since OBS loses clicks and keys while it is on.
    """

    def __init__(
        self,
        script: Optional[Union[str, Path]] = None,
        settings: Optional[Mapping[str, Any]] = None,
        *,
        canvas: tuple[int, int] = (1280, 720),
        collections: Sequence[str] = ("Untitled", "Other"),
        scripted: Optional[Sequence[str]] = None,
        background: Optional[int] = None,
        more_scripts: Sequence[tuple[Union[str, Path], Mapping[str, Any]]] = (),
        python_path: Sequence[Union[str, Path]] = (),
        websocket_client: bool = True,
        environment: Optional[Mapping[str, str]] = None,
        fps: int = 60,
        headless: bool = True,
        preview: Optional[bool] = None,
    ) -> None:
        first = [] if script is None else [(script, settings or {})]
        self._scripts = [(Path(path).absolute(), dict(values)) for path, values in (*first, *more_scripts)]
        self._canvas, self._fps, self._background = canvas, fps, background
        self._collections = tuple(collections)
        self._scripted = self._collections[:1] if scripted is None else tuple(scripted)
        self._python_path = [str(folder) for folder in python_path]
        self._websocket_client = websocket_client
        self._environment = dict(environment or {})
        self._headless = headless and sys.platform.startswith("linux")
        self._preview = not self._headless if preview is None else preview
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._screen: Optional[subprocess.Popen[bytes]] = None
        self._display = os.environ.get("DISPLAY", "")
        self._runs = 0
        self._ended: Optional[Exit] = None
        self.port = 0
        self.ws: Any = None
        """The obs-websocket client, an obsws_python.ReqClient."""

    # -- start and end ------------------------------------------------------------------------------------------------

    def __enter__(self) -> ObsSandbox:
        lacking = missing_parts(self._headless)
        if lacking:
            raise ObsMissing(" ".join(lacking))
        self.folder = Path(tempfile.mkdtemp(prefix="vmsc-obs-"))
        """Holds all that this OBS writes; removed at the end."""
        try:
            self._write_config()
            if self._headless:
                self._start_screen()
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self.running and self.ws is not None:  # one that has not answered yet may hang when it is asked to end
                with contextlib.suppress(ObsHung):
                    self.quit()
        finally:
            for process in (self._process, self._screen):
                if process is not None and process.poll() is None:  # OBS only when it was broken into
                    _end(process)
            self._screen = None
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def running(self) -> bool:
        """Whether OBS has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """OBS's process id."""
        assert self._process is not None
        return self._process.pid

    def quit(self, timeout: float = 8.0) -> Exit:
        """Ends OBS as its user would, and says how that went. ObsHung after `timeout` seconds: it is killed then."""
        assert self._process is not None
        self._disconnect()
        began = time.monotonic()
        if self.running:
            self._ask_to_end()
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise ObsHung(f"OBS did not end within {timeout:g} s.\n{self._tail()}") from None
        seconds = time.monotonic() - began
        leaks = re.findall(r"Number of memory leaks: (\d+)", self.log)
        begins = self.log.find("== Profiler Results")
        profile = self.log[begins:] if begins >= 0 else ""
        self._ended = Exit(code, seconds, int(leaks[-1]) if leaks else None, profile)
        return self._ended

    def restart(self) -> Exit:
        """Ends OBS and starts it anew with what it has saved; gives how the first one ended."""
        ended = self.quit()
        self._start()
        return ended

    def tick_profile(self) -> TickProfile:
        """After quit: how long tick_sources took, ms."""
        assert self._ended is not None, "quit() comes first"
        tick = self._ended.tick
        assert tick is not None, "OBS printed no profile"
        return tick

    def _ask_to_end(self) -> None:
        assert self._process is not None
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/PID", str(self.pid)], check=False, capture_output=True)
        elif sys.platform == "darwin":
            self._process.terminate()
        else:
            # Not SIGINT: OBS 29 closes its window inside the signal handler itself, on top of whatever its UI thread was
            # doing, and hangs or crashes now and then, with any script and with none.
            windows = self._main_windows()
            if not windows or not close_window(self._display, int(windows[0])):
                self._process.send_signal(signal.SIGINT)

    def _main_windows(self) -> list[str]:
        """The main window of this OBS, as a list: the user's own OBS may have one of the same name on the same screen."""
        if shutil.which("xdotool") is None:
            return []
        search = ("xdotool", "search", "--all", "--onlyvisible", "--pid", str(self.pid), "--name", "^OBS ")
        return self._x(*search).split()

    def _disconnect(self) -> None:
        if self.ws is not None:
            with contextlib.suppress(Exception):
                self.ws.disconnect()
            self.ws = None

    def _start_screen(self) -> None:
        read_end, write_end = os.pipe()
        size = f"{SCREEN[0]}x{SCREEN[1]}x24"
        command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
        self._screen = subprocess.Popen(
            _dies_with_us(command), pass_fds=[write_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us; OBS would lose its screen before it has ended
        )  # fmt: skip
        os.close(write_end)
        with os.fdopen(read_end) as answer:
            number = answer.readline().strip()  # the server writes it once it listens; an end without it means it failed
        if not number:
            raise ObsDidNotStart("Xvfb ended at once: it could not open a screen in memory.")
        self._display = f":{number}"

    def _start(self) -> None:
        self._runs += 1
        self._ended = None
        program = find_obs()
        assert program is not None
        folder, extra, variables = system_folders(self.folder, program)
        command = [
            extra[0] if extra else program,
            "--collection",
            self._collections[0],
            "--profile",
            "Untitled",
        ]
        command += ["--multi", "--disable-updater", *extra[1:]]
        self._log_path = self.folder / f"obs-{self._runs}.log"
        environment = {**os.environ, **variables, **self._environment}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        environment["PYTHONPATH"] = os.pathsep.join(self._python_folders())
        # A virtual environment around the tests must not become that of OBS's Python.
        environment["PATH"] = os.pathsep.join(_without_other_pythons(os.get_exec_path()))
        for name in ("VIRTUAL_ENV", "PYTHONHOME", "__PYVENV_LAUNCHER__"):
            environment.pop(name, None)
        if self._headless:
            environment.update(DISPLAY=self._display, LIBGL_ALWAYS_SOFTWARE="1", QT_QPA_PLATFORM="xcb")
            environment.pop("WAYLAND_DISPLAY", None)
        with open(self._log_path, "wb") as log:
            self._process = subprocess.Popen(
                _dies_with_us(command), cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=os.name == "posix",
            )  # fmt: skip
        self._await_answer()

    def _await_answer(self) -> None:
        import obsws_python

        logging.getLogger("obsws_python").setLevel(logging.CRITICAL + 1)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if not self.running:
                raise ObsDidNotStart(f"OBS ended while it started.\n{self._tail()}")
            try:
                if self.ws is None:
                    with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                        pass
                    self.ws = obsws_python.ReqClient(host="127.0.0.1", port=self.port, password="x", timeout=20)
                stats = self.ws.get_stats()
                if stats.active_fps > 1 and stats.render_total_frames > 3:
                    return
            except Exception:  # refused, not ready yet (code 207), or half a handshake: all mean "not yet"
                pass
            time.sleep(0.05)
        raise ObsDidNotStart(f"OBS did not answer within {START_SECONDS:g} s.\n{self._tail()}")

    def _python_folders(self) -> list[str]:
        folders = list(self._python_path)
        if self._websocket_client:
            folders.append(str(self._library_folder()))
        return folders

    def _library_folder(self) -> Path:
        """A folder with websocket-client in it and nothing else: OBS's Python may be of another version than this one."""
        folder = self.folder / "python"
        if not folder.exists():
            found = importlib.util.find_spec("websocket")
            if found is None or found.origin is None:
                raise ObsMissing("websocket-client is missing (pip install -r tools/requirements-dev.txt).")
            folder.mkdir()
            shutil.copytree(
                Path(found.origin).parent,
                folder / "websocket",
                ignore=shutil.ignore_patterns("__pycache__", "tests"),
            )
        return folder

    # -- the config folder ----------------------------------------------------------------------------------------------

    def _write_config(self) -> None:
        self.port = free_port()
        config = config_folder(self.folder)
        scenes = config / "basic" / "scenes"
        profile = config / "basic" / "profiles" / "Untitled"
        for folder in (scenes, profile):
            folder.mkdir(parents=True)
        width, height = self._canvas
        first = self._collections[0]
        no_old_defaults = {f"Pre{version}Defaults": "false" for version in ("19", "20", "21", "23", "24.1")}
        general = {
            "FirstRun": "true",
            "LastVersion": "486539266",
            "EnableAutoUpdates": "false",
            **no_old_defaults,
        }
        sections: dict[str, dict[str, str]] = {
            "General": general,
            "Basic": {
                "Profile": "Untitled", "ProfileDir": "Untitled", "SceneCollection": first, "SceneCollectionFile": first,
            },
            "OBSWebSocket": {
                "FirstLoad": "false", "ServerEnabled": "true", "ServerPort": str(self.port), "AlertsEnabled": "false",
                "AuthRequired": "false", "ServerPassword": "x",
            },
        }  # fmt: skip
        if not self._preview:
            # OBS on X11 throws away what lies in the queue it shares with its own windows each time it shows a picture in one
            # (gl_x11_egl_device_present): a click, a key or a "paint yourself" is lost now and then.
            sections["BasicWindow"] = {"PreviewEnabled": "false"}
        if sys.platform in ("win32", "darwin"):
            sections["Python"] = {"Path64bit": python_folder()}
        _write_ini(config / "global.ini", sections)
        video = {
            "BaseCX": width,
            "BaseCY": height,
            "OutputCX": width,
            "OutputCY": height,
            "FPSType": 1,  # a whole number
            "FPSInt": self._fps,
        }
        _write_ini(
            profile / "basic.ini",
            {"General": {"Name": "Untitled"}, "Video": {key: str(value) for key, value in video.items()}},
        )
        # From OBS 31 on obs-websocket reads this one; an older OBS leaves it alone.
        websocket = config / "plugin_config" / "obs-websocket"
        websocket.mkdir(parents=True)
        (websocket / "config.json").write_text(
            json.dumps(
                {"first_load": False, "server_enabled": True, "server_port": self.port, "alerts_enabled": False,
                 "auth_required": False, "server_password": "x"}
            )
        )  # fmt: skip
        for name in self._collections:
            scripts = self._scripts if name in self._scripted else []
            (scenes / f"{name}.json").write_text(json.dumps(self._collection(name, scripts)), encoding="utf-8")

    def _collection(self, name: str, scripts: Sequence[tuple[Path, dict[str, Any]]]) -> dict[str, Any]:
        sources: list[dict[str, Any]] = []
        items: list[dict[str, Any]] = []
        if self._background is not None:
            width, height = self._canvas
            settings = {"color": self._background, "width": width, "height": height}
            kind = "color_source_v3"
            sources.append({"id": "color_source", "versioned_id": kind, "name": BACKGROUND, "settings": settings})
            items.append({
                "name": BACKGROUND, "id": 1, "visible": True, "locked": True, "pos": {"x": 0, "y": 0},
                "scale": {"x": 1, "y": 1}, "align": 5, "bounds_type": 0, "bounds": {"x": 0, "y": 0},
            })  # fmt: skip
        scene = {"items": items, "id_counter": len(items), "custom_size": False}
        sources.append({"id": "scene", "name": SCENE, "settings": scene})
        return {
            "name": name,
            "current_scene": SCENE,
            "current_program_scene": SCENE,
            "scene_order": [{"name": SCENE}],
            "sources": sources,
            "modules": {"scripts-tool": [{"path": str(path), "settings": values} for path, values in scripts]},
        }

    # -- looking inside -------------------------------------------------------------------------------------------------

    @property
    def log(self) -> str:
        """All that this run of OBS has printed so far."""
        return self._log_path.read_text(encoding="utf-8", errors="replace") if self._log_path.exists() else ""

    def log_entries(self) -> list[tuple[str, str]]:
        """The log as (level, text); level is debug, info, warning or error, a text can have several lines."""
        entries: list[tuple[str, str]] = []
        for line in self.log.splitlines():
            found = LOG_LINE.match(line)
            if found:
                entries.append((found.group(1), found.group(2)))
            elif entries:
                level, text = entries[-1]
                entries[-1] = (level, f"{text}\n{line}")
        return entries

    def script_lines(self) -> list[str]:
        """What scripts have logged, at any level."""
        return [text for _, text in self.log_entries() if SCRIPT_LINE.match(text)]

    def warnings(self) -> list[str]:
        """What scripts logged at WARNING or above, tracebacks included: each would pop the Script Log up over the stream."""
        return [
            text
            for level, text in self.log_entries()
            if (level in LEVELS_THAT_POP_UP and SCRIPT_LINE.match(text)) or "Traceback (most recent" in text
        ]

    def scene_screenshot(self, path: Optional[Union[str, Path]] = None) -> Any:
        """The current scene as viewers see it, a PIL.Image (RGBA) of the canvas's size; also written to `path`."""
        return self.source_screenshot(self.ws.get_current_program_scene().current_program_scene_name, path)

    def source_screenshot(self, name: str, path: Optional[Union[str, Path]] = None) -> Any:
        """One source, group or scene as a PIL.Image (RGBA); also written to `path`."""
        from PIL import Image

        answer = self._ask("GetSourceScreenshot", {"sourceName": name, "imageFormat": "png"})
        picture = Image.open(io.BytesIO(base64.b64decode(answer["imageData"].split(",", 1)[1]))).convert("RGBA")
        if path is not None:
            picture.save(path)
        return picture

    def window_screenshot(self, path: Optional[Union[str, Path]] = None) -> Any:
        """The whole screen OBS runs on as a PIL.Image (RGB); also written to `path`. Needs ImageMagick."""
        from PIL import Image

        shot = self.folder / "window.png"
        self._x("import", "-silent", "-window", "root", str(shot))
        with Image.open(shot) as opened:
            picture = opened.convert("RGB")
        if path is not None:
            picture.save(path)
        return picture

    def inputs(self) -> list[str]:
        """Names of all inputs there are, in scenes and groups."""
        return [str(row["inputName"]) for row in self._ask("GetInputList")["inputs"]]

    def input_settings(self, name: str) -> dict[str, Any]:
        """The settings of an input, defaults filled in."""
        answer = self._ask("GetInputSettings", {"inputName": name})
        defaults = self._ask("GetInputDefaultSettings", {"inputKind": answer["inputKind"]})
        return {**defaults["defaultInputSettings"], **answer["inputSettings"]}

    def scene_items(self, scene: str = SCENE) -> list[dict[str, Any]]:
        """The items of a scene as obs-websocket tells them, from the bottom to the top."""
        return list(self._ask("GetSceneItemList", {"sceneName": scene})["sceneItems"])

    def group_items(self, name: str) -> list[dict[str, Any]]:
        """The items of a group as obs-websocket tells them, from the bottom to the top."""
        return list(self._ask("GetGroupSceneItemList", {"sceneName": name})["sceneItems"])

    def saved_settings(self, collection: Optional[str] = None, script: int = 0) -> dict[str, Any]:
        """The settings of a script as OBS has saved them last, from the collection's file."""
        name = self._collections[0] if collection is None else collection
        path = config_folder(self.folder) / "basic" / "scenes" / f"{name}.json"
        saved = json.loads(path.read_text(encoding="utf-8"))
        return dict(saved["modules"]["scripts-tool"][script]["settings"])

    # -- acting -----------------------------------------------------------------------------------------------------------

    def hotkey(self, name: str) -> None:
        """Triggers a hotkey by the name it was registered under (not the one the user reads)."""
        self._ask("TriggerHotkeyByName", {"hotkeyName": name})

    def hotkeys(self) -> list[str]:
        """The names of all hotkeys there are."""
        return list(self._ask("GetHotkeyList")["hotkeys"])

    def switch_collection(self, name: str) -> None:
        """Loads another scene collection and waits until it is there; scripts are unloaded and loaded by that."""
        self._ask("SetCurrentSceneCollection", {"sceneCollectionName": name})
        self.wait(lambda: self._ask("GetSceneCollectionList")["currentSceneCollectionName"] == name, 20)

    def wait(self, true: Callable[[], Any], timeout: float = 10.0, what: str = "") -> Any:
        """Asks 20 times a second until `true()` is true, and gives that. AssertionError after `timeout` seconds."""
        until = time.monotonic() + timeout
        while True:
            found = true()
            if found:
                return found
            if not self.running:
                raise ObsDidNotStart(
                    f"OBS ended by itself with code {self._process and self._process.returncode}.\n{self._tail()}"
                )
            if time.monotonic() > until:
                raise AssertionError(f"not within {timeout:g} s: {what or true}\n{self._tail(12)}")
            time.sleep(0.05)

    def _ask(self, request: str, data: Optional[Mapping[str, Any]] = None) -> dict[str, Any]:
        return dict(self.ws.send(request, dict(data) if data else None, raw=True) or {})

    def _tail(self, lines: int = 25) -> str:
        return "OBS's log ends with:\n" + "\n".join(self.log.splitlines()[-lines:])

    # -- the window ---------------------------------------------------------------------------------

    def open_scripts_dialog(self) -> None:
        """Opens Tools > Scripts by mouse, as large as the screen, so that the script's whole page can be read without scrolling.

        There is no window manager here: the window is focused, moved and sized by xdotool.
        """
        if self._windows("^Scripts$"):
            return
        main = self.wait(self._main_windows, 10, "OBS's window")[0]
        self._x("xdotool", "windowfocus", "--sync", main)
        before = set(self._windows(""))
        self._click_label(main, "Tools", MENU_BAR)
        menu = self.wait(lambda: set(self._windows("")) - before, 10, "the Tools menu").pop()
        self._still_picture()
        self._click_label(menu, "Scripts")
        dialog = self.wait(lambda: self._windows("^Scripts$"), 10, "the Scripts window")[0]
        width, height = SCREEN
        self._x("xdotool", "windowmove", dialog, "0", "0", "windowsize", dialog, str(width), str(height))
        self._x("xdotool", "windowfocus", "--sync", dialog)
        self.wait(lambda: self._geometry(dialog) == (0, 0, width, height), 10, "the size of the Scripts window")
        self._still_picture()

    def close_scripts_dialog(self) -> None:
        """Closes Tools > Scripts, as a window's close button does."""
        for dialog in self._windows("^Scripts$"):
            close_window(self._display, int(dialog))
        self.wait(lambda: not self._windows("^Scripts$"), 5, "the Scripts window to close")

    def _click_label(self, window: str, label: str, height: int = 0) -> None:
        """Clicks on the words `label` in a window, or in its uppermost `height` px."""
        left, top, width, whole = self._geometry(window)
        area = (left, top, left + width, top + (height or whole))
        box = self.wait(lambda: self._label_box(label, self.window_screenshot().crop(area)), 10, f"{label!r} to click on")
        self._click(left + box.center[0], top + box.center[1])

    def page_text(self) -> str:
        """What the page of the selected script says, read off the screen (OCR: single letters can be wrong)."""
        self.open_scripts_dialog()
        lines: dict[tuple[int, ...], list[str]] = {}
        for word in self._words(self._page_picture()):
            lines.setdefault(word.line, []).append(word.text)
        return "\n".join(" ".join(words) for words in lines.values())

    def click_script_button(self, label: str) -> None:
        """Presses the button with that label on the page of the selected script. AssertionError when there is none."""
        self.open_scripts_dialog()
        box = self.wait(lambda: self._button_box(label), 10, f"a button {label!r} on the script's page")
        self._click(*box.center)
        self._still_picture()

    def type_into(self, label: str, text: str) -> None:
        """Replaces what the text field beside `label` holds, letter by letter, as a user types."""
        self.open_scripts_dialog()
        box = self.wait(lambda: self._label_box(label, self._page_picture()), 10, f"a field {label!r} on the page")
        x, y = box.center[0] + PAGE_LEFT, box.center[1]
        picture = self.window_screenshot()
        page_color = picture.getpixel((SCREEN[0] - 8, y))
        right = SCREEN[0] - 60  # inside every field: they all end at the page's right edge
        assert picture.getpixel((right, y)) != page_color, f"no field beside {label!r} at {x}, {y}"
        self._click(right, y)
        self._x("xdotool", "key", "ctrl+a", "key", "Delete")
        self._x("xdotool", "type", "--delay", "15", text)
        self._still_picture()

    def select_script(self, place: int) -> None:
        """Selects a script in the list; `place` counts from 0."""
        self.open_scripts_dialog()
        self._click(120, 67 + 32 * place)  # read off a screenshot, as Reload is
        self._still_picture()

    def reload_script(self) -> None:
        """Presses the round arrow under the list of scripts: Reload."""
        self.open_scripts_dialog()
        self._click(122, SCREEN[1] - 83)  # read off a screenshot; the row of buttons keeps its place from the bottom
        self._still_picture()

    def _button_box(self, label: str) -> Optional[Box]:
        picture = self._page_picture()
        box = self._label_box(label, picture, on_button=True)
        return box and Box(box.left + PAGE_LEFT, box.top, box.width, box.height)

    def _page_picture(self) -> Any:
        return self.window_screenshot().crop((PAGE_LEFT, 0, *SCREEN))

    def _label_box(self, label: str, picture: Any, on_button: bool = False) -> Optional[Box]:
        """Where `label` stands by itself in `picture`; with `on_button`, on something of another colour than the page."""
        wanted = [word.strip(".:,") for word in label.split()]
        page_color = picture.getpixel((picture.width - 8, picture.height // 2))
        for phrase in self._phrases(picture):
            if [word.text.strip(".:,") for word in phrase] != wanted:
                continue
            box = Box.around(phrase)
            beside = picture.getpixel((max(0, box.left - 7), box.center[1]))
            if not on_button or max(abs(a - b) for a, b in zip(beside, page_color)) > 8:
                return box
        return None

    def _phrases(self, picture: Any) -> list[list[Word]]:
        """Words that stand close together, line by line: a label beside a field or a tick box is a phrase of its own."""
        phrases: list[list[Word]] = []
        for word in self._words(picture):
            last = phrases[-1][-1] if phrases else None
            if last is not None and last.line == word.line and word.left - (last.left + last.width) < 14:
                phrases[-1].append(word)
            else:
                phrases.append([word])
        return [[word for word in phrase if re.search(r"\w", word.text)] for phrase in phrases]

    def _words(self, picture: Any) -> list[Word]:
        """The words tesseract reads, with their boxes in px of `picture`.

        It reads best what looks like print: the light letters of any colour become black, three times as large, and
        fields, buttons and page all become white.
        """
        from PIL import Image, ImageChops

        red, green, blue = picture.convert("RGB").split()
        light = ImageChops.lighter(ImageChops.lighter(red, green), blue)
        print_like = light.point([255 - max(0, min(255, (value - 100) * 3)) for value in range(256)])
        large = print_like.resize((picture.width * 3, picture.height * 3), Image.Resampling.BICUBIC)
        path = self.folder / "read.png"
        large.save(path)
        words = []
        for row in self._x("tesseract", str(path), "-", "--psm", "11", "tsv").splitlines()[1:]:
            cells = row.split("\t")
            if len(cells) == 12 and cells[11].strip() and float(cells[10]) > 30:
                left, top, width, height = (int(cell) // 3 for cell in cells[6:10])
                line = tuple(int(cell) for cell in cells[1:5])
                words.append(Word(left, top, width, height, cells[11].strip(), line))
        return words

    def _still_picture(self) -> None:
        """Waits until two looks at the screen show the same but for a blinking cursor; a few seconds at most."""
        from PIL import ImageChops

        before = self.window_screenshot()
        for _ in range(10):
            time.sleep(0.1)
            now = self.window_screenshot()
            changed = ImageChops.difference(before, now).getbbox()
            if changed is None or changed[2] - changed[0] <= 3:
                return
            before = now

    def _click(self, x: int, y: int) -> None:
        self._x("xdotool", "mousemove", str(x), str(y), "sleep", "0.1", "click", "1")

    def _windows(self, name: str) -> list[str]:
        return self._x("xdotool", "search", "--onlyvisible", "--name", name).split()

    def _geometry(self, window: str) -> tuple[int, ...]:
        told = dict(
            line.split("=", 1) for line in self._x("xdotool", "getwindowgeometry", "--shell", window).splitlines() if "=" in line
        )
        return tuple(int(told.get(key, -1)) for key in ("X", "Y", "WIDTH", "HEIGHT"))

    def _x(self, *command: str) -> str:
        """Runs an X program on OBS's screen and gives what it printed. ObsMissing when it is not there."""
        if shutil.which(command[0]) is None:
            package = {"import": "imagemagick", "tesseract": "tesseract-ocr"}.get(command[0], command[0])
            raise ObsMissing(f"{command[0]} is missing (Debian/Ubuntu: apt-get install {package}).")
        environment = {**os.environ, "DISPLAY": self._display, "OMP_THREAD_LIMIT": "1"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        return done.stdout


def config_folder(folder: Path) -> Path:
    """Where an OBS that was started with system_folders(folder) keeps its config."""
    if sys.platform == "win32":
        return folder / "config" / "obs-studio"
    if sys.platform == "darwin":
        return folder / "Library" / "Application Support" / "obs-studio"
    return folder / "config" / "obs-studio"


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
        return str(inside), [str(inside / Path(program).name), "--portable"], {}
    if sys.platform == "darwin":
        return None, [], {"CFFIXED_USER_HOME": str(folder), "HOME": str(folder)}
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    variables = {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_CACHE_HOME": str(folder / "cache")}
    if not os.environ.get("XDG_RUNTIME_DIR"):
        variables["XDG_RUNTIME_DIR"] = str(runtime)
    return str(folder), [], variables


def close_window(display: str, window: int) -> bool:
    """Asks an X window to close, as its close button does (WM_DELETE_WINDOW, ICCCM 4.2.8.1); whether it could be asked."""

    class Message(ctypes.Structure):
        _fields_ = (
            ("type", ctypes.c_int),
            ("serial", ctypes.c_ulong),
            ("send_event", ctypes.c_int),
            ("display", ctypes.c_void_p),
            ("window", ctypes.c_ulong),
            ("message_type", ctypes.c_ulong),
            ("format", ctypes.c_int),
            ("data", ctypes.c_long * 5),
            ("rest", ctypes.c_long * 24),  # Xlib's XEvent is larger than this member of it
        )

    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return False
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XSendEvent.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    connection = x11.XOpenDisplay(display.encode())
    if not connection:
        return False
    protocols, delete = (x11.XInternAtom(connection, atom, 0) for atom in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
    client_message, bits = 33, 32
    message = Message(type=client_message, window=window, message_type=protocols, format=bits)
    message.data[0] = delete
    sent = x11.XSendEvent(connection, window, 0, 0, ctypes.byref(message))
    x11.XCloseDisplay(connection)  # sends what waits
    return bool(sent)


def _junction(link: Path, target: Path) -> None:
    subprocess.run(["cmd", "/c", "mklink", "/J", str(link), str(target)], check=True, capture_output=True)


def _without_other_pythons(folders: Sequence[str]) -> list[str]:
    """The PATH for OBS. On Linux its Python takes the standard library that belongs to the first python3 on PATH.

    One of pyenv, conda or a virtual environment was not built for the libpython OBS is linked to: its ssl cannot be imported.
    """
    if not sys.platform.startswith("linux"):
        return list(folders)
    return [folder for folder in folders if folder in ("/usr/bin", "/bin") or not (Path(folder) / "python3").exists()]


def _end(process: subprocess.Popen[bytes]) -> None:
    """Gently first: an X server that is killed leaves its lock and its socket in /tmp."""
    process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _dies_with_us(command: list[str]) -> list[str]:
    """The same command, killed by the kernel when this process dies without cleaning up (Linux only)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--", *command] if setpriv else command


def _write_ini(path: Path, sections: Mapping[str, Mapping[str, str]]) -> None:
    rows = [f"[{section}]\n" + "".join(f"{key}={value}\n" for key, value in pairs.items()) for section, pairs in sections.items()]
    path.write_text("\n".join(rows), encoding="utf-8")


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs an OBS with a script until Ctrl-C."""
    parser = argparse.ArgumentParser(description="A real OBS in its own config folder, until Ctrl-C.")
    parser.add_argument("--script", default=None, help="the script to load")
    parser.add_argument("--settings", default="{}", help="its settings, as JSON")
    parser.add_argument("--headless", action="store_true", help="use a screen in memory even when there is one")
    parser.add_argument("--canvas", default="1280x720", help="size in pixels")
    options = parser.parse_args(arguments)
    width, height = (int(side) for side in options.canvas.split("x"))
    headless = options.headless or (sys.platform.startswith("linux") and not os.environ.get("DISPLAY"))
    sandbox = ObsSandbox(options.script, json.loads(options.settings), canvas=(width, height), headless=headless)
    try:
        with sandbox as obs:
            print(f"OBS runs (process {obs.pid}), obs-websocket on port {obs.port}, files in {obs.folder}. Ctrl-C ends it.")
            shown = 0
            with contextlib.suppress(KeyboardInterrupt):
                while obs.running:
                    lines = obs.script_lines()
                    for line in lines[shown:]:
                        print(line, flush=True)
                    shown = len(lines)
                    time.sleep(0.3)
            if obs.running:
                ended = obs.quit()
                print(f"OBS ended with code {ended.code} after {ended.seconds:.1f} s, leaks: {ended.leaks}.")
    except (ObsMissing, ObsDidNotStart, ObsHung) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
