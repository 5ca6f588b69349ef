"""The screen OBS is on: one in memory where there is none, and the X programs that look at it and use its mouse and keys."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Optional

from .machine import ObsDidNotStart, ObsMissing
from .processes import dies_with_us, end

SIZE = (1280, 1700)
"""px; high enough for a script's whole page."""


class Screen:
    """An X display. `start` makes one in memory; without it, it is the one that is there."""

    def __init__(self) -> None:
        self.display = os.environ.get("DISPLAY", "")
        self._server: Optional[subprocess.Popen[bytes]] = None

    def start(self) -> None:
        """Start an X server that draws into memory. ObsDidNotStart when it cannot."""
        read_end, write_end = os.pipe()
        size = f"{SIZE[0]}x{SIZE[1]}x24"
        command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
        self._server = subprocess.Popen(
            dies_with_us(command), pass_fds=[write_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us; OBS would lose its screen before it has ended
        )  # fmt: skip
        os.close(write_end)
        with os.fdopen(read_end) as answer:
            number = answer.readline().strip()  # the server writes it once it listens; an end without it means it failed
        if not number:
            raise ObsDidNotStart("Xvfb ended at once: it could not open a screen in memory.")
        self.display = f":{number}"

    def stop(self) -> None:
        """End the X server that was started, if one was."""
        if self._server is not None:
            end(self._server)
        self._server = None

    def run(self, *command: str) -> str:
        """Runs an X program on this screen and gives what it printed. ObsMissing when it is not there."""
        if shutil.which(command[0]) is None:
            package = {"import": "imagemagick", "tesseract": "tesseract-ocr"}.get(command[0], command[0])
            raise ObsMissing(f"{command[0]} is missing (Debian/Ubuntu: apt-get install {package}).")
        environment = {**os.environ, "DISPLAY": self.display, "OMP_THREAD_LIMIT": "1"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        return done.stdout

    def windows(self, name: str, pid: Optional[int] = None) -> list[str]:
        """The visible windows whose name matches this pattern; with `pid`, of that process only."""
        which = ("--all", "--onlyvisible", "--pid", str(pid)) if pid is not None else ("--onlyvisible",)
        return self.run("xdotool", "search", *which, "--name", name).split()

    def geometry(self, window: str) -> tuple[int, ...]:
        """Left, top, width and height of a window, px; -1 for what is not known."""
        lines = self.run("xdotool", "getwindowgeometry", "--shell", window).splitlines()
        known = dict(line.split("=", 1) for line in lines if "=" in line)
        return tuple(int(known.get(key, -1)) for key in ("X", "Y", "WIDTH", "HEIGHT"))

    def close_window(self, window: str) -> bool:
        """Closes a window as its close button does; whether it could be asked to."""
        return _close_window(self.display, int(window))

    def click(self, x: int, y: int) -> None:
        """Clicks with the mouse."""
        self.run("xdotool", "mousemove", str(x), str(y), "sleep", "0.1", "click", "1")

    def picture(self, folder: Path) -> Any:
        """The whole screen as a PIL.Image (RGB). Needs ImageMagick; `folder` is for its file."""
        from PIL import Image

        shot = folder / "window.png"
        self.run("import", "-silent", "-window", "root", str(shot))
        with Image.open(shot) as opened:
            return opened.convert("RGB")


def _close_window(display: str, window: int) -> bool:
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
