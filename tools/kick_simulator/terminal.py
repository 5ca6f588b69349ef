"""The simulator's command line: options, traffic by the clock, and the addresses for the script's settings."""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections.abc import Sequence
from typing import Any, Callable, Optional, Union

from . import frames as made
from .faults import Faults
from .simulator import KickSimulator


def per_second(text: str) -> float:
    """`5/s`, `2/min`, `30/h` or `5` → events per second. Raises ValueError."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:/\s*(s|sec|m|min|h))?\s*", text)
    if found is None:
        raise ValueError(f"not a rate: {text!r}; write 5/s, 2/min or 30/h")
    return float(found[1]) / {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600}[found[2] or "s"]


def seconds(words: Union[str, Sequence[str]]) -> float:
    """`3`, `3s`, `after 3 s` or `after 1 min` → seconds. Raises ValueError."""
    text = words if isinstance(words, str) else " ".join(words)
    found = re.fullmatch(r"\s*(?:after)?\s*(\d+(?:\.\d+)?)\s*(s|sec|seconds|m|min)?\s*", text)
    if found is None:
        raise ValueError(f"not a time: {text!r}; write 3, or after 3 s")
    return float(found[1]) * (60 if found[2] in ("m", "min") else 1)


def _arguments(given: Optional[Sequence[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Your own Kick on 127.0.0.1: lookup, negotiation, Pusher and Centrifugo.",
        epilog="Faults: lookup, negotiation, token = a status or a name; handshake, hello, subscribe = a name. "
        "All of them: class Faults in tools/kick_simulator/faults.py.",
    )
    add = parser.add_argument
    add(
        "--channel",
        action="append",
        metavar="NAME",
        help="a channel the lookup knows (repeat for more); traffic goes to the first",
    )
    add("--port", type=int, default=0, help="WebSocket port; HTTP gets the next one (default: free ones)")
    add("--chat", type=per_second, default=0.0, metavar="RATE", help="chat messages, for example 5/s")
    add("--follow", type=per_second, default=0.0, metavar="RATE", help="follows, for example 2/min")
    add("--sub", type=per_second, default=0.0, metavar="RATE", help="subscriptions, five frames each")
    add("--gift", type=per_second, default=0.0, metavar="RATE", help="gifts of 1 to 50 subscriptions")
    add("--live", nargs="+", metavar="TIME", help="go live: 3, or after 3 s")
    add("--offline", nargs="+", metavar="TIME", help="go offline again: 60, or after 60 s")
    add("--frames", metavar="FILE", help="recorded frames (JSONL), played in a loop")
    add("--frames-rate", type=per_second, default=2.0, metavar="RATE", help="frames of the file a second (default 2/s)")
    add("--drop", type=seconds, metavar="SECONDS", help="cut every connection after so long, once")
    add("--change-key", type=seconds, metavar="SECONDS", help="change the Pusher key after so long")
    add(
        "--fault",
        action="append",
        default=[],
        metavar="KIND=VALUE",
        help="for example lookup=403 or handshake=slow (repeat for more)",
    )
    add("--centrifugo-only", action="store_true", help="negotiation offers Centrifugo only")
    add("--pusher-gone", action="store_true", help="every Pusher key gets 4001")
    add("--token-ttl", type=seconds, default=2700.0, metavar="SECONDS", help="life of a Centrifugo token")
    add("--stop", nargs="+", metavar="TIME", help="end automatically after so long")
    arguments = parser.parse_args(given)
    try:
        for name in ("live", "offline", "stop"):
            words = getattr(arguments, name)
            setattr(arguments, name, None if words is None else seconds(words))
        arguments.fault = dict(_fault(text) for text in arguments.fault)
        arguments.frames = made.read_frames(arguments.frames) if arguments.frames else []
    except (ValueError, OSError) as trouble:
        parser.error(str(trouble))
    return arguments


def _fault(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator:
        raise ValueError(f"not a fault: {text!r}; write lookup=403")
    number = re.fullmatch(r"\d+(\.\d+)?", value)
    given: Any = (
        value if number is None else float(value) if number[1] or name in ("hello", "bandwidth", "latency") else int(value)
    )
    try:
        setattr(Faults(), name, given)
    except AttributeError as trouble:
        raise ValueError(str(trouble)) from trouble
    return name, given


def main(given: Optional[Sequence[str]] = None) -> int:
    """Run from the terminal until Ctrl-C."""
    arguments = _arguments(given)
    begun = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - begun:8.1f} s  {line}", flush=True)

    kick = KickSimulator(arguments.port, arguments.port + 1 if arguments.port else 0, log=say)
    slugs = arguments.channel or ["speedy"]
    for slug in slugs:
        kick.add_channel(slug.lower(), username=slug)
    for name, value in arguments.fault.items():
        setattr(kick.fault, name, value)
    kick.centrifugo_only, kick.pusher_gone, kick.token_ttl = (
        arguments.centrifugo_only,
        arguments.pusher_gone,
        arguments.token_ttl,
    )
    try:
        kick.start()
    except OSError as trouble:
        print(f"Cannot listen: {trouble}", file=sys.stderr)
        return 1
    try:
        print("Paste these into the script's Advanced settings:")
        print(f"  lookup address        {kick.lookup_url}")
        print(f"  WebSocket address     {kick.websocket_url}")
        print(f"  negotiation address   {kick.negotiation_url}")
        print(f"  token address         {kick.token_url}")
        print(f"Centrifugo is at {kick.centrifugo_url}. Channels: {', '.join(kick.channels)}. Ctrl-C ends.", flush=True)
        _traffic(kick, slugs[0].lower(), arguments)
    except KeyboardInterrupt:
        print()
    finally:
        kick.stop()
    return 0


def _traffic(kick: KickSimulator, slug: str, arguments: argparse.Namespace) -> None:
    rng = random.Random()
    own = kick.channels[slug]
    recorded = list(made.recorded(arguments.frames, own))
    played = 0

    def play_one() -> None:
        nonlocal played
        event, room, data = recorded[played % len(recorded)]
        played += 1
        kick.push(slug, event, data, room)

    repeated: list[tuple[float, Callable[[], Any]]] = [
        (arguments.chat, lambda: kick.chat(slug)),
        (arguments.follow, lambda: kick.follow(slug)),
        (arguments.sub, lambda: kick.subscribe(slug, months=rng.choice((1, 1, 2, 3, 8, 24)))),
        (arguments.gift, lambda: kick.gift(slug, rng.choice((1, 1, 5, 10, 50)))),
        (arguments.frames_rate if recorded else 0.0, play_one),
    ]
    once: list[tuple[Optional[float], Callable[[], Any]]] = [
        (arguments.live, lambda: kick.go_live(slug)),
        (arguments.offline, lambda: kick.go_offline(slug)),
        (arguments.drop, kick.drop),
        (arguments.change_key, kick.change_key),
    ]
    begun = time.monotonic()
    done = [0] * len(repeated)
    waiting = [(when, what) for when, what in once if when is not None]
    while arguments.stop is None or time.monotonic() - begun < arguments.stop:
        passed = time.monotonic() - begun
        for index, (rate, what) in enumerate(repeated):
            # No more than a tenth of a second's worth at once, after a stall as well.
            while rate and done[index] < passed * rate:
                done[index] = max(done[index] + 1, int((passed - 0.1) * rate))
                what()
        for ready in [one for one in waiting if one[0] <= passed]:
            waiting.remove(ready)
            ready[1]()
        time.sleep(0.02)
