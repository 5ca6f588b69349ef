"""ObsSandbox: starts one OBS in a config folder of its own and ends it. What it does in between is in inside.py and window.py."""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Callable, Optional, Union

from . import obs_log
from .config import Config, config_folder, forget_unclean_exit, system_folders
from .inside import Inside
from .machine import ObsDidNotStart, ObsHung, ObsMissing, find_obs, free_port, missing_parts
from .obs_log import Exit
from .processes import copy_websocket_client, end, start_obs, surroundings
from .root import PATH, Root
from .screen import Screen
from .window import Window

START_SECONDS = 60.0
"""OBS on a software renderer and a busy machine; 3 s is usual."""


class ObsSandbox(Inside, Window):
    """One OBS. Entering starts it and waits until it renders and answers; leaving ends it and removes its folder.

    `script` is loaded with `settings` in the first of `collections`, or in those named in `scripted`; `more_scripts` are
    further (path, settings) pairs. `canvas` is in px, `fps` frames a second; `background` (0xAABBGGRR, OBS's own order) fills
    the canvas. `headless=False` uses the screen that is there. `websocket_client=False` leaves the library out of OBS's reach.
    `python_path` are further folders for OBS's Python, `environment` further variables. `preview` shows the scene in OBS's
    own window; on a screen in memory it is off unless it is asked for, since OBS loses clicks and keys while it is on.
    `collection_version` 2 is what OBS 31 and newer write; older ones don't look at it.
    `root` is another root folder to run OBS in, with that one's Python and websocket-client (tools/make_root.py makes them);
    without it, the one that the environment names (root.ROOT_VARIABLE), else this machine's OBS.
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
        collection_version: int = 1,
        root: Optional[Root] = None,
    ) -> None:
        first = [] if script is None else [(script, settings or {})]
        scripts = [(Path(path).absolute(), dict(values)) for path, values in (*first, *more_scripts)]
        with_scripts = collections[:1] if scripted is None else scripted
        self._canvas, self._fps, self._background = canvas, fps, background
        self._collections = {name: scripts if name in with_scripts else [] for name in collections}
        self._python_path = [str(folder) for folder in python_path]
        self._websocket_client = websocket_client
        self._environment = dict(environment or {})
        self._headless = headless and sys.platform.startswith("linux")
        self._preview = not self._headless if preview is None else preview
        self._collection_version = collection_version
        self._root = root or Root.from_environment()
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._runs = 0
        self.screen = Screen()
        self.port = 0
        self.ws = None

    # -- start and end ------------------------------------------------------------------------------------------------

    def __enter__(self) -> ObsSandbox:
        lacking = missing_parts(self._headless, self._root)
        if lacking:
            raise ObsMissing(" ".join(lacking))
        self.folder = Path(tempfile.mkdtemp(prefix="vmsc-obs-"))
        """Holds all that this OBS writes; removed at the end."""
        try:
            self.port = free_port()
            looks = (self._canvas, self._fps, self._preview, self._background)
            Config(self.port, *looks, self._collections, self._collection_version).write(self.folder)
            if self._headless:
                self.screen.start()
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
            if self._process is not None:
                end(self._process)  # it still runs only when it was broken into
            self.screen.stop()
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def running(self) -> bool:
        """Whether OBS has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """OBS's process ID."""
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
        return obs_log.exit_of(code, time.monotonic() - began, self.log)

    def restart(self) -> Exit:
        """Ends OBS and starts it again with what it has saved; gives how the first one ended."""
        ended = self.quit()
        self._start()
        return ended

    def _ask_to_end(self) -> None:
        assert self._process is not None
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/PID", str(self.pid)], check=False, capture_output=True)
        elif sys.platform == "darwin":
            self._process.terminate()
        else:
            # Not SIGINT: OBS 29 closes its window inside the signal handler itself, on top of whatever its UI thread was
            # doing, and hangs or crashes now and then, with any script and with none.
            windows = self.main_windows()
            if not windows or not self.screen.close_window(windows[0]):
                self._process.send_signal(signal.SIGINT)

    def _disconnect(self) -> None:
        if self.ws is not None:
            with contextlib.suppress(Exception):
                self.ws.disconnect()
            self.ws = None

    def _start(self) -> None:
        self._runs += 1
        program = "obs" if self._root else find_obs()
        assert program is not None
        forget_unclean_exit(self.folder)
        folder, instead, variables = system_folders(self.folder, program)
        command = [instead[0] if instead else program, "--collection", next(iter(self._collections)), "--profile", "Untitled"]
        command += ["--multi", "--disable-updater", *instead[1:]]
        self._log_path = self.folder / f"obs-{self._runs}.log"
        library = []
        if self._root:
            command = self._root.command(command, folder or "/", without_packages=not self._websocket_client)
        elif self._websocket_client:
            library = [copy_websocket_client(self.folder / "python")]
        environment = surroundings(
            [*self._python_path, *library],
            {**variables, **self._environment},
            self.screen.display if self._headless else None,
            PATH if self._root else None,
        )
        self._process = start_obs(command, folder, environment, self._log_path)
        self._await_answer()

    def _await_answer(self) -> None:
        import obsws_python

        logging.getLogger("obsws_python").setLevel(logging.CRITICAL + 1)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not self.running:
                raise ObsDidNotStart(f"OBS ended while it started.\n{self._tail()}")
            try:
                if self.ws is None:
                    with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                        pass
                    self.ws = obsws_python.ReqClient(host="127.0.0.1", port=self.port, password="x", timeout=20)
                stats = self.ws.get_stats()
                if stats.active_fps > 1 and stats.render_total_frames > 3 and self._window_is_up():
                    self._await_ui_thread()
                    return
            except Exception:  # refused, not ready yet (code 207), or half a handshake: all mean "not yet"
                pass
            time.sleep(0.05)
        raise ObsDidNotStart(f"OBS did not answer within {START_SECONDS:g} s.\n{self._tail()}")

    def _window_is_up(self) -> bool:
        return not self._headless or bool(self.main_windows())

    def _await_ui_thread(self) -> None:
        """Waits until OBS's UI thread takes requests, and so has passed FINISHED_LOADING.

        obs-websocket answers earlier, from OBS 32 on long before. A scene made in that time can freeze OBS: two threads
        that wait for each other. Setting the current scene waits for the UI thread and changes nothing.
        """
        current = self.ask("GetCurrentProgramScene")["currentProgramSceneName"]
        self.ask("SetCurrentProgramScene", {"sceneName": current})

    # -- what it has written ------------------------------------------------------------------------------------------

    @property
    def log(self) -> str:
        """All that this run of OBS has printed so far."""
        return self._log_path.read_text(encoding="utf-8", errors="replace") if self._log_path.exists() else ""

    def script_lines(self) -> list[str]:
        """What scripts have logged, at any level."""
        return obs_log.script_lines(self.log)

    def warnings(self) -> list[str]:
        """What scripts logged at WARNING or above, tracebacks included: each would pop the Script Log up over the stream."""
        return obs_log.warnings(self.log)

    def saved_settings(self) -> dict[str, Any]:
        """The settings of the script as OBS has saved them last, from the first collection's file."""
        path = config_folder(self.folder) / "basic" / "scenes" / f"{next(iter(self._collections))}.json"
        saved = json.loads(path.read_text(encoding="utf-8"))
        return dict(saved["modules"]["scripts-tool"][0]["settings"])

    def wait(self, true: Callable[[], Any], timeout: float = 10.0, what: str = "") -> Any:
        """Asks 20 times a second until `true()` is true, and gives that. AssertionError after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            found = true()
            if found:
                return found
            self.still_runs()
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {timeout:g} s: {what or true}\n{self._tail(12)}")
            time.sleep(0.05)

    def still_runs(self) -> None:
        """ObsDidNotStart, with its last lines, when OBS has ended."""
        if not self.running:
            code = self._process and self._process.returncode
            raise ObsDidNotStart(f"OBS ended on its own with code {code}.\n{self._tail()}")

    def _tail(self, lines: int = 25) -> str:
        return "OBS's log ends with:\n" + "\n".join(self.log.splitlines()[-lines:])
