"""What one chat message costs on its way from the socket to an event: ours against a floor and against other clients.

Run: `python tools/bench/wire.py` with the environment that tools/test.py made. A server in a process of its own sends distinct
frames over loopback; each client counts them in a process of its own. Printed: CPU and wall microseconds a frame and peak memory,
medians of ROUNDS rounds, and the CPU as a multiple of the floor, which is websocket-client's recv and two json.loads.

pusher-js is measured where Node.js is and the tests have fetched it (.cache), Python's other clients where they are installed
(pysher: `pip install --no-deps -r tools/bench/requirements.txt`; it needs requests as well).
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tools"), str(ROOT / "tests")]

from bench.table import Goal, Result, Table  # noqa: E402

FRAMES = 50_000
ROUNDS = 4
ROOM = "chatrooms.918.v2"
EVENT = "App\\Events\\ChatMessageEvent"
KNOWN = {"chatroom_id": 918, "channel_id": 11624}


def chat(number: int) -> str:
    """One frame as Kick sends it, like no other."""
    badges = [{"type": "subscriber", "text": "Subscriber", "count": number % 40}, {"type": "moderator", "text": "Moderator"}]
    sender = {"id": 10_000 + number, "username": f"Viewer{number}", "slug": f"viewer{number}"}
    data = {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "chatroom_id": 918,
        "content": f"hello there [emote:37226:KEKW] how are you all doing tonight {number}",
        "type": "message",
        "created_at": "2026-11-26T10:00:00+00:00",
        "sender": {**sender, "identity": {"color": "#FF00AA", "badges": badges[: 1 + number % 2]}},
        "metadata": {"message_ref": str(number)},
    }
    return json.dumps({"event": EVENT, "data": json.dumps(data), "channel": ROOM})


# -- the server: prints its port, then floods whoever has subscribed to the room ----------------------------------------------


def serve(count: int) -> None:
    """One client after the other, each in a thread; ends with its standard input."""
    from end_to_end.raw_server import Peer, RawServer, frame

    flood = b"".join(frame(chat(number)) for number in range(count))

    def behave(peer: Peer) -> None:
        peer.handshake()
        peer.send(
            frame(json.dumps({"event": "pusher:connection_established", "data": '{"socket_id":"1.1","activity_timeout":120}'}))
        )
        asked = 0
        while asked < int(rooms[0]):
            said = peer.read_json()
            if said.get("event") == "pusher:subscribe":
                asked += 1
                channel = said["data"]["channel"]
                peer.send(
                    frame(json.dumps({"event": "pusher_internal:subscription_succeeded", "channel": channel, "data": "{}"}))
                )
        peer.pause(0.3)
        for place in range(0, len(flood), 1 << 16):
            peer.send(flood[place : place + (1 << 16)])
        peer.follow_along()

    rooms = ["1"]
    with RawServer(behave) as server:
        print(server.port, flush=True)
        for line in sys.stdin:
            rooms[0] = line.strip()
            print("ok", flush=True)


# -- the clients: each gets a port and gives what it measured --------------------------------------------------------------------


class Meter:
    """Counts frames; measures from the first to the last one."""

    def __init__(self, count: int) -> None:
        self.count, self.seen = count, 0
        self.done = threading.Event()

    def saw(self, frames: int = 1) -> None:
        """So many more."""
        if not self.seen:
            self._cpu, self._wall = time.process_time(), time.perf_counter()
        self.seen += frames
        if self.seen >= self.count:
            self.cpu, self.wall = time.process_time() - self._cpu, time.perf_counter() - self._wall
            self.done.set()

    def report(self) -> None:
        """One line of JSON."""
        assert self.seen == self.count, f"{self.seen} of {self.count} frames arrived"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"cpu": self.cpu / self.count * 1e6, "wall": self.wall / self.count * 1e6, "peak": peak}))


SUBSCRIBE = json.dumps({"event": "pusher:subscribe", "data": {"auth": "", "channel": ROOM}})


def floor(port: int, meter: Meter, checks: bool = False) -> None:
    """websocket-client and json.loads, as short as it can be written; with `checks` the library looks at each text's UTF-8."""
    import websocket

    ws = websocket.create_connection(f"ws://127.0.0.1:{port}/app/x", skip_utf8_validation=not checks, enable_multithread=False)
    ws.send(SUBSCRIBE)
    while not meter.done.is_set():
        frame = json.loads(ws.recv())
        if frame["event"] == EVENT:
            json.loads(frame["data"])
            meter.saw()


def ours(port: int, meter: Meter, naps: bool = True) -> None:
    """The whole link on its thread, its naps included; the inbox is drained ten times a second, as in OBS."""
    from vmsc_core.events import ChatMessage
    from vmsc_core.known import KnownChannel
    from vmsc_core.link.cooldowns import Cooldowns
    from vmsc_core.link.feed import NAP
    from vmsc_core.link.inbox import Inbox
    from vmsc_core.link.link import Link
    from vmsc_core.link.ports import Ports
    from vmsc_core.settings import PUSHER, Wish

    inbox = Inbox(capacity=10 * FRAMES)
    ports = Ports() if naps else Ports(wait=lambda stop, seconds: stop.wait(0 if seconds == NAP else seconds))
    address = f"ws://127.0.0.1:{port}/app/x"
    known = {"speedy": KnownChannel(918, 11624, "Speedy")}
    wish = Wish("speedy", provider=PUSHER, poll=False, websocket_address=address, known=known)
    link = Link(wish, inbox, Cooldowns(ports.monotonic), ports)
    link.start()
    while not meter.done.is_set():
        time.sleep(0.1)
        arrived = sum(isinstance(event, ChatMessage) for event in inbox.drain(10 * FRAMES))
        if arrived:
            meter.saw(arrived)
    link.stop()
    link.join(2)


def ours_alone(port: int, meter: Meter) -> None:
    """Transport, session and interpreter in one thread: without naps, inbox and hand-over."""
    from vmsc_core.events import ChatMessage
    from vmsc_core.kick.channel import Topic
    from vmsc_core.kick.interpret import Interpreter
    from vmsc_core.kick.pusher import PusherSession
    from vmsc_core.kick.session import Message
    from vmsc_core.link.transport import WebSocketTransport

    transport, session, interpreter = WebSocketTransport(threading.Event()), PusherSession([Topic(ROOM, True)]), Interpreter()
    transport.open(f"ws://127.0.0.1:{port}/app/x", time.monotonic() + 5, "https://kick.com")
    session.opened(time.monotonic())
    while not meter.done.is_set():
        for text in session.outgoing():
            transport.send(text)
        said, now = transport.receive(0.25), time.monotonic()
        for output in session.receive(said, now) if said is not None else []:
            if isinstance(output, Message):
                meter.saw(sum(isinstance(event, ChatMessage) for event in interpreter.interpret(output, now)))


def asyncio_websockets(port: int, meter: Meter) -> None:
    """The `websockets` library's asyncio client and two json.loads."""
    from websockets.asyncio.client import connect

    async def run() -> None:
        async with connect(f"ws://127.0.0.1:{port}/app/x", compression=None, max_queue=None) as ws:
            await ws.send(SUBSCRIBE)
            async for text in ws:
                frame = json.loads(text)
                if frame["event"] == EVENT:
                    json.loads(frame["data"])
                    meter.saw()
                    if meter.done.is_set():
                        return

    asyncio.run(run())


def pysher(port: int, meter: Meter) -> None:
    """Pysher, which hands the data out as text: one json.loads of the user's own behind it."""
    import pysher

    client = pysher.Pusher("x", custom_host="127.0.0.1", port=port, secure=False)
    client.connection.bind(
        "pusher:connection_established",
        lambda _: client.subscribe(ROOM).bind(EVENT, lambda data: (json.loads(data), meter.saw())),
    )
    client.connect()
    meter.done.wait(120)


CLIENTS: dict[str, tuple[Callable[[int, Meter], None], int]] = {
    "floor": (floor, 1),
    "floor, UTF-8 checked": (lambda port, meter: floor(port, meter, checks=True), 1),
    "ours, socket to inbox": (ours, 5),
    "ours, its naps left out": (lambda port, meter: ours(port, meter, naps=False), 5),
    "ours, one thread": (ours_alone, 1),
    "websockets (asyncio)": (asyncio_websockets, 1),
    "pysher": (pysher, 1),
}
"""Name → the client and how many rooms it subscribes to."""

NEEDS = {"websockets (asyncio)": "websockets", "pysher": "pysher"}

PUSHER_JS = """
const Pusher = require("pusher-js");
const [port, count] = process.argv.slice(1).map(Number);
let seen = 0, cpu, wall;
const client = new Pusher("x", {wsHost: "127.0.0.1", wsPort: port, forceTLS: false, enabledTransports: ["ws"], cluster: "x",
                                disableStats: true});
client.subscribe(%r).bind(%s, () => {
  if (!seen++) { cpu = process.cpuUsage(); wall = process.hrtime.bigint(); }
  if (seen < count) return;
  const used = process.cpuUsage(cpu);
  console.log(JSON.stringify({cpu: (used.user + used.system) / count, wall: Number(process.hrtime.bigint() - wall) / 1e3 / count,
                              peak: process.resourceUsage().maxRSS / 1024}));
  process.exit();
});
"""


def pusher_js() -> Path | None:
    """Where the tests have put pusher-js; None without it or without Node.js."""
    found = sorted((ROOT / ".cache").glob("pusher_js-*/node_modules"))
    return found[-1].parent if found and shutil.which("node") else None


def measure(name: str, server: subprocess.Popen[str], port: int, count: int) -> dict[str, float]:
    """One round of one client, in a process of its own."""
    rooms = CLIENTS[name][1] if name in CLIENTS else 1
    assert server.stdin is not None and server.stdout is not None
    print(rooms, file=server.stdin, flush=True)
    server.stdout.readline()
    folder = pusher_js()
    if name == "pusher-js" and folder is not None:
        script = PUSHER_JS % (ROOM, json.dumps(EVENT))
        command = ["node", "-e", script, str(port), str(count)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=180)
    else:
        command = [sys.executable, __file__, "--client", name, "--port", str(port), "--frames", str(count)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=180)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def compare(count: int, rounds: int) -> dict[str, dict[str, float]]:
    """Name → medians. The rounds of the clients take turns, so that a slow minute of the machine meets all of them."""
    names = [name for name in CLIENTS if name not in NEEDS or importlib.util.find_spec(NEEDS[name])]
    names += ["pusher-js"] if pusher_js() else []
    command = [sys.executable, __file__, "--serve", "--frames", str(count)]
    results: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None and server.stdout is not None
        port = int(server.stdout.readline())
        for _ in range(rounds):
            for name in names:
                results[name].append(measure(name, server, port, count))
        server.stdin.close()
    return {name: {key: statistics.median(row[key] for row in rows) for key in rows[0]} for name, rows in results.items()}


def bench(count: int = FRAMES, rounds: int = ROUNDS) -> Result:
    """All clients in turns."""
    table = compare(count, rounds)
    base = table["floor"]["cpu"]
    rows = [
        (name, f"{row['cpu']:.1f}", f"{row['cpu'] / base:.2f}", f"{row['wall']:.1f}", f"{row['peak']:.1f}")
        for name, row in table.items()
    ]
    ours_cpu = table["ours, socket to inbox"]["cpu"]
    goals = [Goal("socket to inbox, to the floor", 1.3, ours_cpu / base, "×")]
    if "pusher-js" in table:
        goals.append(Goal("socket to inbox, to pusher-js", 1.5, ours_cpu / table["pusher-js"]["cpu"], "×"))
    if "pysher" in table:
        goals.append(Goal("socket to inbox, to pysher", 0.25, ours_cpu / table["pysher"]["cpu"], "×"))
    note = f"{count:,} frames, medians of {rounds} rounds in turns. Floor: websocket-client's recv and json.loads twice."
    return Result([Table("A chat message", ("client", "CPU µs", "× floor", "wall µs", "peak MiB"), rows, note)], goals)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=FRAMES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--client", choices=CLIENTS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options: Any = parser.parse_args()
    if options.serve:
        serve(options.frames)
        return
    if options.client:
        meter = Meter(options.frames)
        CLIENTS[options.client][0](options.port, meter)
        meter.report()
        os._exit(0)  # some clients leave threads behind
    for table in bench(options.frames, options.rounds).tables:
        print(table.text())


if __name__ == "__main__":
    main()
