"""What an event has to say: every placeholder that a trigger promises has a value."""

from __future__ import annotations

import pytest
from rules.worlds import chat, rule

from vmsc_core import events
from vmsc_core.events import Badge, ChatMessage, Follow, GiftedSubscriptions
from vmsc_core.rules.facts import Facts, read, values, with_status
from vmsc_core.rules.rule import KINDS
from vmsc_core.rules.samples import sample
from vmsc_core.state import State, Tally

STATE = State(name="NightOwl", followers=1234, since=40.0, tally=Tally(follows=3, subs=2, gifts=1))


def said(event, now=100.0):
    return values(read(event), STATE, now)


@pytest.mark.parametrize("kind", KINDS)
def test_every_placeholder_of_a_trigger_has_a_value(kind):
    event = sample(rule(kind, word="!so"))
    found = values(Facts(None) if event is None else read(event), STATE, 100.0)
    found = with_status(found, "live", "en") if kind == "connection" else found
    assert set(KINDS[kind].placeholders) - {"arg1"} <= set(found)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (chat("!so  Bob now"), {"user": "Ann", "message": "!so Bob now", "command": "!so", "args": "Bob now", "months": ""}),
        (ChatMessage("1", "", "hi", (Badge("subscriber", "", 7),)), {"user": "someone", "months": "7"}),
        (ChatMessage("1", "Ann", "hi", kind="celebration", months=12), {"months": "12"}),
        (Follow(None, 1500), {"user": "someone", "count": "1", "total": "1,500"}),
        (Follow("Ann", None, count=3), {"user": "Ann", "count": "3", "total": "1,234"}),
        (events.Subscription("Ann", 12, "a\nb"), {"months": "12", "message": "a b"}),
        (GiftedSubscriptions(None, (), 50), {"user": "someone", "count": "50", "recipients": ""}),
        (GiftedSubscriptions("Ann", ("B", "C"), 2), {"recipients": "B, C"}),
        (GiftedSubscriptions("Ann", tuple("BCDEFGH"), 1000), {"count": "1,000", "recipients": "B, C, D, E, F and 995 more"}),
        (events.KicksGifted("Ann", 5000, "Rage Quit", ""), {"amount": "5,000", "gift": "Rage Quit", "message": ""}),
        (events.RewardRedeemed("Ann", "Hydrate\u202e", "now"), {"reward": "Hydrate", "message": "now"}),
        (events.Host("Ann", 25, None), {"viewers": "25", "message": ""}),
        (events.StreamStarted(1, "Chill"), {"title": "Chill"}),
        (
            events.StreamEnded(1),
            {"channel": "NightOwl", "uptime": "1:00", "total": "1,234", "follows": "3", "subs": "2", "gifts": "1"},
        ),
    ],
)
def test_the_values_of_an_event(event, expected):
    found = said(event)
    assert {name: found.get(name) for name in expected} == expected


def test_no_event_without_a_person_invents_one():
    assert "user" not in said(events.StreamEnded(1)) and "message" not in said(events.ChatCleared())


def test_no_connection_has_no_uptime():
    assert values(read(chat()), State(), 100.0)["uptime"] == "0:00"


def test_who_wrote_is_compared_in_any_case():
    facts = read(chat("Hello THERE", "ANN", ("moderator",), "m7"))
    assert (facts.viewer, facts.user, facts.folded, facts.message_id) == ("ann", "ANN", "hello there", "m7")
    assert facts.badges == {"moderator"} and facts.words == ("Hello", "THERE")
