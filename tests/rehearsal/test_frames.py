"""The frames of a rehearsal: understood, each of a shape that Kick sends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vmsc_core import events
from vmsc_core.kick.interpret import Interpreter
from vmsc_core.kick.session import Message
from vmsc_core.rehearsal.frames import Frames, Viewer

RECORDED = Path(__file__).resolve().parents[1] / "frames.jsonl"
WALL = 1_795_000_000.0


def made() -> dict[str, list[str]]:
    kick = Frames(WALL)
    return {
        "chat": [kick.chat(Viewer("Anna_K", ("moderator", "subscriber"), 7), "hello")],
        "deleted": [kick.deleted(kick.last_id)],
        "follow": [kick.follow(None, 12)],
        "subscription": kick.subscription("Cleo", 3),
        "gift": kick.gift("Dana", ["A1", "B2", "C3"], 3, chunks=2),
        "kicks": [kick.kicks("Dana", 500, "wow")],
        "reward": [kick.reward("Eli", "Hydrate", "now")],
        "host": kick.host("Cleo", 25),
        "live": [kick.live("A title")],
        "offline": [kick.offline()],
    }


def understood(texts: list[str], interpreter: Interpreter) -> list[events.Event]:
    found = []
    for text in texts:
        frame = json.loads(text)
        found += interpreter.interpret(Message(frame["event"], frame["channel"], frame["data"]), 0.0)
    return found


def test_each_frame_means_what_it_is_for() -> None:
    interpreter = Interpreter()
    told = {name: understood(texts, interpreter) for name, texts in made().items()}
    (chat,) = told["chat"]
    assert isinstance(chat, events.ChatMessage) and (chat.username, chat.text, chat.time) == ("Anna_K", "hello", WALL)
    assert [(badge.kind, badge.count) for badge in chat.badges] == [("moderator", None), ("subscriber", 7)]
    assert told["deleted"] == [events.MessageDeleted(chat.id)]
    assert told["follow"] == [events.Follow(None, 12, WALL)]
    assert told["subscription"][0] == events.Subscription("Cleo", 3)
    assert told["gift"][0] == events.GiftedSubscriptions("Dana", ("A1", "B2", "C3"), 3)
    assert told["kicks"] == [events.KicksGifted("Dana", 500, "Rage Quit", "wow", WALL)]
    assert told["reward"] == [events.RewardRedeemed("Eli", "Hydrate", "now")]
    assert told["host"][1] == events.Host("Cleo", 25)
    assert told["live"] == [events.StreamStarted(424201, "A title", WALL)]
    assert told["offline"] == [events.StreamEnded(424201)]
    companions = [*told["subscription"][1:], *told["gift"][1:], told["host"][0]]
    assert len(companions) == 7 and all(isinstance(event, events.Duplicate) for event in companions)


def recorded() -> dict[str, list[dict[str, Any]]]:
    """The data of Kick's own frames, by the event's short name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in RECORDED.read_text("utf-8").splitlines():
        frame = json.loads(line)
        try:
            data = json.loads(frame["data"]) if isinstance(frame["data"], str) else frame["data"]
        except ValueError:  # some are broken as they came
            continue
        if isinstance(data, dict):
            found.setdefault(frame["event"].rpartition("\\")[2], []).append(data)
    return found


KICK_S_OWN = recorded()


@pytest.mark.parametrize("name", [name for name in made() if name != "follow"])
def test_a_frame_has_no_field_that_kick_does_not_send(name: str) -> None:
    for text in made()[name]:
        frame = json.loads(text)
        short = frame["event"].rpartition("\\")[2]
        known = {key for data in KICK_S_OWN[short] for key in data}
        assert set(json.loads(frame["data"])) <= known, short


def test_each_message_has_an_id_of_its_own() -> None:
    kick = Frames(WALL)
    first = (kick.chat(Viewer("a"), "same"), kick.last_id)
    second = (kick.chat(Viewer("a"), "same"), kick.last_id)
    assert first[1] != second[1] and first[1] in first[0] and second[1] in second[0]
