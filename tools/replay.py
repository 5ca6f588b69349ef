"""Plays a saved report through the link, without a network: what happened, and what the card said.

Run: `python3 tools/replay.py vmsc-report-….txt`. The report comes from **Save a report** on the script's page, under
History. Names and words are masked in it, so the card shows marks in their place.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from vmsc_core import events
from vmsc_core.card.card import render
from vmsc_core.host import Host
from vmsc_core.link.scripted import End, Step, World, greets
from vmsc_core.report import Story, read_report
from vmsc_core.settings import PUSHER, Choices, Wish
from vmsc_core.state import State, reduce


def replay(story: Story) -> Iterator[str]:
    """The lines to print: each event, and the card whenever it changed."""
    steps: list[Step] = []
    for pause, message in story.messages:
        data = message.data if isinstance(message.data, str) else json.dumps(message.data)
        steps += [pause] if pause else []
        steps.append(json.dumps({"event": message.event, "channel": message.channel, "data": data}))
    world = World()
    world.sockets([*greets(*steps), End])
    wish = Wish(
        username="replayed",
        chatroom_id=story.chatroom_id,
        channel_id=story.channel_id,
        provider=PUSHER,
        poll=False,
        websocket_address="ws://127.0.0.1:9/",  # nothing is asked of a network here
    )
    state, shown = State(), ""
    for event in world.run(wish):
        state = reduce(state, event)
        if not isinstance(event, (events.LinkChanged, events.ChannelFound)):
            yield f"  {event}"
        card = render(state, Choices(), Host(), world.now).summary.replace("\n", " | ")
        if card != shown:
            shown = card
            yield card


def main(arguments: Sequence[str]) -> int:
    """The exit code: 2 for what is no report."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    try:
        text = Path(arguments[0]).read_text("utf-8")
    except (OSError, ValueError) as problem:
        print(f"{arguments[0]} can't be read: {problem}")
        return 2
    story = read_report(text)
    if story is None:
        print(f"{arguments[0]} isn't a report, or it was saved before the channel was known.")
        return 2
    for line in replay(story):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
