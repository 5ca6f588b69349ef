"""Chains run in order, wait, end, and never more of them or of their actions at once than a turn can bear."""

from __future__ import annotations

import pytest

from vmsc_core.rules.actions import HideSource, SetFilter, SetMuted, SetText, SetVolume, ShowAlert, ShowSource, Wait
from vmsc_core.rules.chains import ACTIONS_PER_TURN, CHAT_ACTIONS_PER_TURN, MOST_CHAINS, MOST_CHAT_CHAINS, Chain, Chains
from vmsc_core.rules.shown import TakenBack

ON, OFF, TEXT = ShowSource("a"), HideSource("a"), SetText("T", "hi")


def chain(*actions, rule_id="r1", is_alert=True, message_id=None, viewer=""):
    return Chain(rule_id, "follow", 2, is_alert, actions, message_id, viewer)


def said(*actions):
    return chain(*actions, is_alert=False, message_id="m1", viewer="ann")


def actions(planned):
    return [row.action for row in planned]


def test_a_chain_waits_between_its_actions_and_says_when():
    chains = Chains()
    chains.start(chain(ON, Wait(5.0), OFF, Wait(1.0), TEXT), 0.0)
    assert chains.deadline == float("-inf")
    assert actions(chains.hand_out(0.0)) == [ON] and chains.deadline == 5.0
    assert chains.due(4.9) == [] and actions(chains.due(5.0)) == [OFF] and chains.deadline == 6.0
    assert actions(chains.due(60.0)) == [TEXT] and chains.due(61.0) == [] and (chains.deadline, len(chains)) == (None, 0)


def test_equal_moments_stay_in_order():
    chains = Chains()
    for number in range(5):
        chains.start(chain(ShowSource(str(number))), 0.0, hold=1.0)
    assert [row.action.source for row in chains.due(1.0)] == list("01234")


def test_a_turn_has_a_budget_and_the_rest_comes_in_the_next_ones():
    chains = Chains()
    for _ in range(3):
        chains.start(chain(*[ON] * 10), 0.0)
    assert len(chains.hand_out(0.0)) == ACTIONS_PER_TURN and chains.hand_out(0.0) == [] and chains.due(0.0) == []
    assert len(chains.due(0.1)) == 10 and chains.due(0.2) == []


def test_chat_leaves_room_for_alerts_and_comes_after_them():
    chains = Chains()
    for _ in range(5):
        chains.start(said(*[TEXT] * 10), 0.0)
    assert len(chains.hand_out(0.0)) == CHAT_ACTIONS_PER_TURN
    chains.start(chain(ON, OFF), 0.0)
    assert actions(chains.hand_out(0.0)) == [ON, OFF]
    chains.due(0.0)
    chains.start(chain(ON), 0.1)
    assert actions(chains.hand_out(0.1))[0] == ON


def test_a_chain_has_room_or_has_none():
    chains = Chains()
    for number in range(MOST_CHAINS):
        assert chains.has_room(False) is (number < MOST_CHAT_CHAINS) and chains.has_room(True)
        chains.start(said(TEXT) if number < MOST_CHAT_CHAINS else chain(ON), 0.0, hold=float(number % 2))
    assert not chains.has_room(True) and not chains.has_room(False)


def test_an_alert_of_a_chain_goes_to_the_queue():
    chains = Chains()
    one, two = ShowAlert("one", seconds=1.0), ShowAlert("two", seconds=1.0)
    chains.start(chain(one, ON), 0.0)
    chains.start(chain(two), 0.0)
    assert set(actions(chains.hand_out(0.0))) == {ON, one} and chains.deadline == 1.0
    assert [type(action).__name__ for action in actions(chains.due(1.0))] == ["HideAlert"] and actions(chains.due(2.0)) == [two]


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        (TakenBack("m1"), []),
        (TakenBack(viewer="ann"), []),
        (TakenBack(), []),
        (TakenBack("m2"), [TEXT]),
        (TakenBack(viewer="bob"), [TEXT]),
    ],
)
def test_a_held_message_that_is_taken_back_never_shows(gone, left):
    chains = Chains()
    chains.start(said(TEXT), 0.0, hold=3.0)
    chains.take_back(gone)
    assert actions(chains.due(3.0)) == left


def test_what_has_begun_ends_without_the_words_of_a_message_that_is_taken_back():
    chains = Chains()
    chains.start(said(ON, TEXT, Wait(1.0), TEXT, ShowAlert("x"), OFF), 0.0)
    chains.due(0.0)
    chains.take_back(TakenBack("m1"))
    assert [type(action).__name__ for action in actions(chains.due(1.0))] == ["Withdraw", "HideSource"]


def test_what_no_message_triggered_is_never_taken_back():
    chains = Chains()
    chains.start(chain(TEXT), 0.0, hold=1.0)
    chains.take_back(TakenBack())
    assert actions(chains.due(1.0)) == [TEXT]


def test_a_rule_that_goes_ends_what_it_has_begun_and_begins_nothing():
    chains = Chains()
    chains.start(chain(ON, Wait(1.0), OFF, rule_id="gone"), 0.0)
    chains.due(0.0)
    chains.start(chain(TEXT, rule_id="gone"), 0.0, hold=1.0)
    chains.start(chain(ON, rule_id="kept"), 0.0, hold=1.0)
    chains.keep_rules(frozenset({"kept"}))
    assert sorted(map(str, actions(chains.due(1.0)))) == sorted(map(str, [OFF, ON]))


def test_room_comes_back_when_a_chain_is_over_or_dropped():
    chains = Chains()
    for _ in range(MOST_CHAT_CHAINS):
        chains.start(said(TEXT), 0.0)
    chains.due(0.0)
    assert chains.has_room(False) and len(chains) == MOST_CHAT_CHAINS - CHAT_ACTIONS_PER_TURN
    chains.take_back(TakenBack())
    assert [chains.has_room(False), len(chains)] == [True, 0]
    for _ in range(MOST_CHAT_CHAINS):
        chains.start(said(TEXT), 0.0, hold=1.0)
    assert not chains.has_room(False)


def test_the_room_for_chat_is_counted_right_whatever_ends():
    chains = Chains()
    chains.start(chain(ON), 0.0)
    for number in range(10):
        chains.start(said(TEXT, Wait(9.0), TEXT), 0.0, hold=float(number > 4))
        chains.start(chain(ON, rule_id="gone"), 0.0, hold=float(number > 4))
    chains.due(0.0)
    chains.keep_rules(frozenset({"r1"}))
    for _ in range(MOST_CHAT_CHAINS - 10):
        assert chains.has_room(False)
        chains.start(said(TEXT), 0.0, hold=1.0)
    assert not chains.has_room(False)


def test_waits_of_no_time_do_not_turn_forever():
    chains = Chains()
    chains.start(chain(Wait(0.0), Wait(0.0), ON), 0.0)
    assert [actions(chains.due(now)) for now in (0.0, 0.1, 0.2)] == [[], [], [ON]]


def test_what_is_still_to_be_done_with_what_was_changed_is_known():
    mute, unmute, other = SetMuted("Horn", "on"), SetMuted("Horn", "off"), SetFilter("Cam", "Blur", "on")
    chains = Chains()
    chains.start(chain(mute, ON, Wait(5.0), other, TEXT, unmute, OFF), 0.0)
    chains.start(chain(Wait(5.0), mute, HideSource("b")), 0.0)
    chains.start(chain(mute, unmute), 0.0, hold=3.0)
    assert chains.undone == []
    chains.hand_out(0.0)
    assert chains.undone == [unmute, OFF]
    chains.due(0.0)
    assert actions(chains.due(5.0))[-2:] and chains.undone == []


def test_what_is_still_to_be_done_for_a_while_is_done_as_it_ends():
    show, fade = ShowSource("Confetti", "Main", seconds=30.0), SetVolume("Horn", 50, 2000)
    chains = Chains()
    chains.start(chain(show, fade, Wait(1.0), show, fade, ShowSource("Confetti", "Main")), 0.0)
    chains.hand_out(0.0)
    forever = ShowSource("Confetti", "Main")
    assert chains.undone == [HideSource("Confetti", "Main"), SetVolume("Horn", 50), forever]
