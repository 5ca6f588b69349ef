"""How long the script holds OBS up when it is loaded and unloaded, and how many round trips it takes to be Connected.

Loading is timed in a real OBS by a stop-watch around the script's body (its imports) and around script_load; which imports cost
most is what `python -X importtime` says of the same files. Round trips: the link against the simulator over TLS, with every byte
held up for half a round trip in each direction.
"""

from __future__ import annotations

import compileall
import contextlib
import os
import queue
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from kick_simulator import KickSimulator
from obs_sandbox import ObsSandbox
from obs_sandbox.processes import copy_websocket_client

from bench.frame import ROOT, words
from bench.inside import Inside
from bench.kick_process import SLUG, KickProcess
from bench.table import Goal, Result, Table

ROUND_TRIP = 0.05
KNOWN = {"speedy": [918, 11624, "Speedy"]}

IMPORT = re.compile(r"^import time:\s+(\d+) \|\s+(\d+) \|(\s*)(\S+)$")


def dearest(report: str, most: int = 8) -> list[tuple[str, int]]:
    """What of Python's own the script's body imports, dearest first: (module, µs with what it brings). The outermost count."""
    rows = [match for match in map(IMPORT.match, report.splitlines()) if match]
    found: dict[str, int] = {}
    around: list[tuple[int, str]] = []  # (depth, whose) of what this import happens in, from the outside
    for match in reversed(rows):  # a module's line comes after those of what it imports
        depth, name = len(match[3]), match[4]
        while around and around[-1][0] >= depth:
            around.pop()
        outer = around[-1][1] if around else ""
        whose = "ours" if name == "vmsc_obs" or name.startswith("vmsc_core") else "python" if outer else ""
        if whose == "python" and outer == "ours":
            found[name] = found.get(name, 0) + int(match[2])
        around.append((depth, whose))
    return sorted(found.items(), key=lambda row: -row[1])[:most]


# -- in OBS ------------------------------------------------------------------------------------------------------------


def in_obs(times: int) -> list[dict[str, float]]:
    """Seconds of each step, run by run: "import", "script_load", "script_unload"."""
    found = []
    with KickProcess() as kick, tempfile.TemporaryDirectory() as folder:
        # With bytecode, as a user's OBS has it from its second start on.
        library = copy_websocket_client(Path(folder) / "python")
        compileall.compile_dir(library, quiet=1)
        for number in range(times):
            place = Path(folder) / str(number)
            place.mkdir()
            inside = Inside(place, ROOT / "vmsc_obs.py")
            with ObsSandbox(inside.script, kick.settings(), python_path=[library]) as obs:
                obs.hotkey("vmsc_hotkey_connect")
                obs.wait(lambda obs=obs: words(obs).startswith("0 events"), 20, "the card to say Connected")
                assert obs.quit().code == 0
            found.append(inside.times()["steps"])
    return found


def in_python(*options: str) -> str:
    """A Python on its own imports the script, with an empty obspython: what it prints, or with `options` what it reports.

    Bytecode is kept, as in a user's OBS; the first start after an installation has to make it.
    """
    code = "import sys, time, types; sys.modules['obspython'] = types.ModuleType('obspython'); began = time.perf_counter(); "
    code += "import vmsc_obs; print(time.perf_counter() - began)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True, check=True, env=environment)
    return done.stderr if options else done.stdout


# -- round trips -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def far_away(port: int) -> Iterator[int]:
    """The port of a door to `port` behind which every byte takes half a ROUND_TRIP longer, each way."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    near = server.accept()[0]
                    far = socket.create_connection(("127.0.0.1", port))
                    for one, other in ((near, far), (far, near)):
                        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                        threading.Thread(target=_carry, args=(one, other), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1]


def _carry(one: socket.socket, other: socket.socket) -> None:
    on_the_way: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
    threading.Thread(target=_deliver, args=(on_the_way, other), daemon=True).start()
    data = b"."
    while data:
        try:
            data = one.recv(1 << 16)
        except OSError:
            data = b""
        on_the_way.put((time.monotonic() + ROUND_TRIP / 2, data))


def _deliver(on_the_way: queue.SimpleQueue[tuple[float, bytes]], other: socket.socket) -> None:
    """Each piece at its time, in order; after the last one the end."""
    with contextlib.suppress(OSError):
        while True:
            due, data = on_the_way.get()
            time.sleep(max(0.0, due - time.monotonic()))
            if not data:
                other.shutdown(socket.SHUT_WR)
                return
            other.sendall(data)


def wish_to_connected(times: int) -> list[float]:
    """Seconds from the wish to Connected, with known IDs, over TLS, at ROUND_TRIP; TCP's own is added, since the door is near."""
    sys.path.insert(0, str(ROOT / "tests"))
    from end_to_end.raw_server import Certificates

    from vmsc_core.events import Status
    from vmsc_core.known import KnownChannel
    from vmsc_core.link import tls

    certificates = Certificates()
    found = []
    with tempfile.TemporaryDirectory() as folder, KickSimulator(ssl=certificates.good()) as kick:
        os.environ["SSL_CERT_FILE"] = certificates.authority(Path(folder))
        tls.tls_context.cache_clear()
        kick.add_channel(SLUG)
        with far_away(kick.port) as port, far_away(kick.http_port) as http_port:
            from bench.growth import app_without_obs
            from vmsc_core.settings import PUSHER, Wish

            for _ in range(times):
                app = app_without_obs({SLUG: KnownChannel(918, 11624, "Speedy")})
                lookup = kick.lookup_url.replace(str(kick.http_port), str(http_port)).replace("127.0.0.1", "localhost")
                wish = Wish(
                    username=SLUG,
                    lookup_address=lookup,
                    websocket_address=f"wss://localhost:{port}",
                    provider=PUSHER,
                    poll=False,
                )
                began = time.monotonic()
                app.connect(wish)
                while app.state.status not in (Status.CONNECTED, Status.LIVE):
                    app.turn()
                    assert time.monotonic() < began + 10, app.state
                    time.sleep(0.002)
                found.append(time.monotonic() - began + ROUND_TRIP)
                app.close()
        del os.environ["SSL_CERT_FILE"]
        tls.tls_context.cache_clear()
    return found


def measure(times: int = 4) -> Result:
    """All of it."""
    print("OBS, start and stop …", flush=True)
    in_python()  # makes the bytecode
    steps = in_obs(times)
    alone = [float(in_python()) for _ in range(2 * times)]
    first, *more = wish_to_connected(times + 1)
    trips = [seconds / ROUND_TRIP for seconds in more]
    rows, goals = [], []

    def row(what: str, values: list[float], unit: str, scale: float = 1000) -> float:
        scaled = sorted(value * scale for value in values)
        rows.append((what, f"{statistics.median(scaled):.1f} {unit}", f"{scaled[0]:.1f} – {scaled[-1]:.1f} {unit}"))
        return statistics.median(scaled)

    body = row("the script's body in OBS: its imports", [step["import"] for step in steps], "ms")
    load = row("script_load in OBS", [step["script_load"] for step in steps], "ms")
    row("the same body in a Python on its own", alone, "ms")
    unload = row("script_unload in OBS, connected", [step["script_unload"] for step in steps], "ms")
    row("wish → Connected, the first in a process: websocket-client and the certificates are read", [first], "ms")
    away = row(f"wish → Connected over TLS, {ROUND_TRIP * 1000:.0f} ms a round trip", trips, "round trips", 1)
    goals = [
        Goal("script_load with its imports", 50, body + load, "ms"),
        Goal("script_unload", 200, unload, "ms"),
        Goal("wish → Connected", 5, away, "round trips"),
    ]
    costs = [(name, f"{microseconds / 1000:.1f}") for name, microseconds in dearest(in_python("-X", "importtime"))]
    note = f"By -X importtime, Python {sys.version.split()[0]}; each counted where it is imported first."
    tables = [
        Table("Start and stop", ("what", "median", "from – to"), rows),
        Table("What the imports of Python's own cost", ("module", "ms with what it imports"), costs, note),
    ]
    return Result(tables, goals)
