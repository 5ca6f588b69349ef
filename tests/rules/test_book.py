"""The Rulebook: a trigger fires its rules, once, where filters and cooldowns let it, and a flood costs no more than a turn."""

from __future__ import annotations

import pytest
from rules.worlds import FOLLOW, GIFT, SAY, SHOW, Book, chat, rule

from vmsc_core import events
from vmsc_core.events import Follow, KicksGifted, LinkChanged, Signal, Status, StreamStarted, Subscription
from vmsc_core.host import Host
from vmsc_core.rules.actions import (
    AddLine,
    HideAlert,
    HideSource,
    SetText,
    ShowAlert,
    Wait,
    Withdraw,
    WithdrawLabel,
    WriteLabel,
)
from vmsc_core.rules.book import CHECKS_PER_TURN
from vmsc_core.rules.budget import PER_TURN
from vmsc_core.rules.chains import ACTIONS_PER_TURN, CHAT_ACTIONS_PER_TURN, MOST_CHAT_CHAINS
from vmsc_core.rules.memory import MOST_VIEWERS
from vmsc_core.rules.pattern import compiled
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.state import State, Tally
from vmsc_core.words import say

EVENTS = {
    "chat": chat("hello", "Zoe"),
    "command": chat("!go on", "Ann"),
    "follow": FOLLOW,
    "subscription": Subscription("Ann", 3),
    "gifted_subs": GIFT,
    "kicks": KicksGifted("Ann", 100, "Wave", ""),
    "reward": events.RewardRedeemed("Ann", "Hydrate", ""),
    "host": events.Host("Ann", 5),
    "stream_started": StreamStarted(1),
    "stream_ended": events.StreamEnded(1),
    "message_deleted": events.MessageDeleted("m9"),
}


@pytest.mark.parametrize("kind", EVENTS)
def test_a_trigger_fires_for_its_event_and_for_no_other(kind):
    for other, event in EVENTS.items():
        planned = Book(rule(kind, word="!go")).plan(event)
        fires = other == kind or (kind == "chat" and other == "command")
        assert [row.action for row in planned] == ([SHOW] if fires else []), other


def test_what_is_planned_says_who_planned_it():
    (row,) = Book(rule("chat", rule_id="r7")).plan(chat(message_id="m5"))
    assert (row.rule_id, row.kind, row.is_alert, row.message_id) == ("r7", "chat", False, "m5")
    (row,) = Book(rule("follow")).plan(FOLLOW)
    assert (row.is_alert, row.message_id) == (True, None)


def test_a_template_is_filled_with_the_state_after_the_event():
    book = Book(rule("follow", SetText("T", "{user} {total} {channel} {uptime} {follows} {nope}")))
    book.state = State(name="NightOwl", followers=10, since=38.0, tally=Tally(follows=2))
    assert book.plan(FOLLOW)[0].action == SetText("T", "Ann 10 NightOwl 1:02 2 {nope}")
    assert book.plan(Follow(None, 11))[0].action == SetText("T", "someone 11 NightOwl 1:02 2 {nope}")


def test_an_action_is_done_once_for_a_gift_of_fifty_and_once_for_a_sub():
    book = Book(rule("gifted_subs"), rule("subscription", rule_id="r2"))
    assert len(book.turn(events.GiftedSubscriptions("Ann", tuple("abcde"), 50))) == 1
    celebration = events.ChatMessage("m1", "Ann", "year two", kind="celebration", months=12)
    assert len(book.turn(Subscription("Ann", 12), celebration)) == 1


# -- first message -------------------------------------------------------------------------------------------------------


def test_a_viewer_is_greeted_once_a_stream():
    book = Book(rule("first_message"))
    assert [len(book.turn(chat(user=user))) for user in ("Ann", "ann", "Bob", "Ann")] == [1, 0, 1, 0]
    book.turn(StreamStarted(2))
    assert len(book.turn(chat(user="Ann"))) == 1


def test_a_start_that_was_missed_and_found_by_a_look_greets_again():
    book = Book(rule("first_message"))
    book.state = State(live=False)
    book.turn(events.LiveKnown(False), chat())
    book.state = State(live=True)
    assert len(book.turn(events.LiveKnown(True), chat())) == 1 and book.turn(events.LiveKnown(True), chat()) == []


def test_who_has_written_is_known_only_from_the_first_greeting_on_whatever_other_rules_there_are():
    book = Book(rule("chat", rule_id="r2"))
    book.turn(chat(user="Ann"))
    book.book.replace([rule("first_message")])
    assert [len(book.turn(chat(user=user))) for user in ("Ann", "Bob", "Ann")] == [1, 1, 0]
    for rules in ([], [rule("first_message")]):  # turned off and on again
        book.book.replace(rules)
        assert not book.turn(chat(user="Ann"))


def test_what_kept_a_rule_from_firing_is_its_moment_before_its_text():
    book = Book(rule("chat", text="gg", only="streaming"), rule("chat", rule_id="r2", text="gg"))
    for said in ("gg", "hello"):
        book.turn(chat(said))
    said_of = [say(outcome.reason) for outcome in book.book.outcomes(book.now)]
    assert said_of == ["It's only for while OBS streams.", "The text doesn't match \u201cgg\u201d."]


# -- cooldowns and chance ------------------------------------------------------------------------------------------------


def test_a_cooldown_ends_at_its_moment_and_begins_with_a_firing():
    book = Book(rule("follow", cooldown=10.0))
    fired = []
    for now in (100.0, 105.0, 109.9, 110.0, 119.9, 120.0):
        book.now = now
        fired.append(len(book.plan(FOLLOW)))
        book.book.due(now)
    assert fired == [1, 0, 0, 1, 0, 1]


def test_a_cooldown_for_each_viewer_is_their_own():
    book = Book(rule("chat", cooldown_each=10.0))
    fired = [len(book.turn(chat(user=user))) for user in ("Ann", "Bob", "ANN", "Bob", "Cleo")]
    book.now += 10.0
    assert fired == [1, 1, 0, 0, 1] and len(book.turn(chat(user="Ann"))) == 1


def test_nobody_is_remembered_where_nobody_has_to_wait():
    book = Book(rule("follow", cooldown=10.0), rule("chat", rule_id="r2"))
    book.turn(FOLLOW, chat())
    assert len(book.book._waits) == 0


def test_who_has_no_name_waits_for_nobody():
    book = Book(rule("gifted_subs", cooldown_each=10.0))
    anonymous = events.GiftedSubscriptions(None, (), 1)
    assert [len(book.turn(anonymous)), len(book.turn(anonymous))] == [1, 1]


def test_what_a_filter_stopped_starts_no_cooldown():
    book = Book(rule("chat", text="gg", cooldown=60.0))
    assert [len(book.turn(chat(text))) for text in ("hello", "gg", "gg")] == [0, 1, 0]


def test_cooldowns_outlive_an_edit_and_end_with_the_rule():
    book = Book(rule("follow", cooldown=60.0, cooldown_each=60.0))
    book.turn(FOLLOW)
    book.book.replace([rule("follow", SAY, cooldown=60.0)])
    assert book.turn(FOLLOW) == []
    book.book.replace([])
    book.book.replace([rule("follow", cooldown=60.0)])
    assert len(book.turn(FOLLOW)) == 1


@pytest.mark.parametrize(("roll", "fires"), [(0.0, True), (0.2499, True), (0.25, False), (0.999, False)])
def test_chance(roll, fires):
    assert bool(Book(rule("follow", chance=25), chance=roll).plan(FOLLOW)) is fires


def test_a_chance_of_a_hundred_percent_asks_nobody():
    assert Book(rule("follow"), chance=1.0).plan(FOLLOW)


# -- the connection ------------------------------------------------------------------------------------------------------

LINK = LinkChanged(Signal.BROKE)


def test_a_connection_state_fires_once_when_it_has_lasted():
    book = Book(rule("connection", SetText("T", "{status}"), status="reconnecting", seconds=10.0))
    book.state = State(Status.RECONNECTING)
    assert book.turn(LINK) == [] and book.book.deadline == 110.0
    assert book.due(9.8) == [] and [row.action for row in book.due(0.2)] == [SetText("T", "Reconnecting")]
    assert book.due(60.0) == [] and book.turn(LINK) == [] and book.book.deadline is None
    book.state = State(Status.CONNECTED)
    book.turn(LINK)
    book.state = State(Status.RECONNECTING)
    assert book.turn(LINK) == [] and len(book.due(10.0)) == 1


def test_a_connection_state_that_ends_early_does_not_fire():
    book = Book(rule("connection", status="reconnecting", seconds=10.0))
    book.state = State(Status.RECONNECTING)
    book.turn(LINK)
    book.state = State(Status.LIVE)
    assert book.turn(LINK) == [] and book.due(60.0) == []


def test_a_connection_rule_fires_at_once_without_a_time_and_live_is_connected():
    book = Book(rule("connection", status="connected"))
    assert book.turn(LINK) == []
    book.state = State(Status.LIVE)
    assert len(book.turn(LINK)) == 1 and book.due(60.0) == []


def test_a_connection_rule_that_comes_later_waits_for_the_next_time():
    book = Book(rule("follow"))
    book.state = State(Status.CONNECTED)
    book.turn(LINK)
    book.book.replace([rule("connection", status="connected")])
    assert book.due(5.0) == []
    book.state = State(Status.RECONNECTING)
    book.turn(LINK)
    book.state = State(Status.CONNECTED)
    assert len(book.turn(LINK)) == 1


def test_an_edit_neither_repeats_nor_forgets_a_connection_rule():
    book = Book(rule("connection", status="error"), rule("connection", status="error", seconds=10.0, rule_id="r2"))
    book.state = State(Status.ERROR)
    assert [row.rule_id for row in book.turn(LINK)] == ["r1"]
    edited = [rule("connection", SAY, status="error"), rule("connection", SAY, status="error", seconds=10.0, rule_id="r2")]
    book.book.replace(edited)
    assert book.due(5.0) == [] and [row.rule_id for row in book.due(5.0)] == ["r2"]


def test_rules_that_come_or_are_turned_on_later_wait_for_the_next_time():
    off = rule("connection", status="connected", on=False)
    book = Book(off)
    book.state = State(Status.CONNECTED)
    book.turn(LINK)
    new = rule("connection", status="connected", rule_id="r2")
    elsewhere = rule("connection", status="error", rule_id="r3")
    book.book.replace([rule("connection", status="connected"), new, elsewhere])
    assert book.due(5.0) == []
    book.state = State(Status.ERROR)
    assert [row.rule_id for row in book.turn(LINK)] == ["r3"]


def test_a_connection_state_has_lasted_at_its_moment():
    book = Book(rule("connection", status="error", seconds=10.0))
    book.state = State(Status.ERROR)
    book.plan(LINK)
    assert book.due(9.9) == []
    assert len(book.book.due(110.0)) == 1


# -- chains, alerts, taking back -----------------------------------------------------------------------------------------


def test_a_chain_goes_on_after_its_wait():
    book = Book(rule("follow", SHOW, Wait(3.0), HideSource("Confetti")))
    assert [row.action for row in book.turn(FOLLOW)] == [SHOW] and book.due(2.8) == []
    assert [row.action for row in book.due(0.2)] == [HideSource("Confetti")]


def test_alerts_come_one_by_one_and_can_be_skipped():
    book = Book(rule("follow", ShowAlert("{user}")), rule("gifted_subs", ShowAlert("{user} gifted {count}"), rule_id="r2"))
    shown = book.actions(FOLLOW, FOLLOW, GIFT)
    assert [action.title for action in shown] == ["Ann"]
    book.book.skip_alert()
    assert [row.action for row in book.due()] == [HideAlert()]
    assert [row.action.title for row in book.due(0.5)] == ["Ann gifted 5"]


def test_a_held_text_that_is_deleted_never_shows():
    for gone in (events.MessageDeleted("m1"), events.UserBanned("ann", "Mod", False, 5), events.ChatCleared()):
        book = Book(rule("chat", SAY, hold=2.0))
        assert book.turn(chat(), chat("hi", "Bob", message_id="m2")) == []
        book.turn(gone)
        texts = [row.action.template for row in book.due(2.0)]
        assert texts == ([] if isinstance(gone, events.ChatCleared) else ["Bob: hi"])


def test_a_text_that_is_shown_is_withdrawn():
    book = Book(rule("chat", AddLine("Feed")))
    book.turn(chat("bad"), chat("good", "Bob", message_id="m2"))
    assert book.actions(events.MessageDeleted("m1")) == [Withdraw("Feed", "Ann: bad", added=True)]
    assert book.actions(events.UserBanned("BOB", "Mod", True)) == [Withdraw("Feed", "Bob: good", added=True)]
    assert book.actions(events.ChatCleared()) == []


def test_a_label_that_a_message_wrote_is_withdrawn():
    book = Book(rule("chat", WriteLabel("last said", "{message}")))
    book.turn(chat("good", "Bob", message_id="m2"), chat("bad"))
    assert book.actions(events.UserBanned("ANN", "Mod", True)) == [WithdrawLabel("last_said", "bad", "good")]


def test_a_hold_is_for_chat_only():
    assert Book(rule("follow", hold=5.0)).plan(FOLLOW)


def test_a_rule_that_is_turned_off_shows_nothing_that_it_held():
    book = Book(rule("chat", SAY, hold=2.0))
    book.turn(chat())
    book.book.replace([rule("chat", SAY, hold=2.0, on=False)])
    assert book.due(2.0) == []


def test_paused_rules_do_not_fire_but_end_what_they_began():
    book = Book(rule("follow", SHOW, Wait(1.0), HideSource("Confetti")))
    book.turn(FOLLOW)
    book.book.paused = True
    assert [row.action for row in book.turn(FOLLOW, seconds=2.0)] == [HideSource("Confetti")]
    book.book.paused = False
    assert book.actions(FOLLOW) == [SHOW]


# -- floods --------------------------------------------------------------------------------------------------------------


def test_a_flood_thins_chat_first_and_says_how_many():
    book = Book(rule("chat", SAY), rule("follow", rule_id="r2"))
    planned = book.turn(*[chat(message_id=str(number)) for number in range(500)], FOLLOW)
    assert len(planned) <= ACTIONS_PER_TURN
    assert sum(not row.is_alert for row in planned) == CHAT_ACTIONS_PER_TURN and sum(row.is_alert for row in planned) == 1
    assert book.book.thinned == 500 - CHAT_ACTIONS_PER_TURN - MOST_CHAT_CHAINS
    later = sum(len(book.due(0.1)) for _ in range(20))
    assert later == MOST_CHAT_CHAINS and book.book.thinned == 500 - CHAT_ACTIONS_PER_TURN - MOST_CHAT_CHAINS


def test_a_turn_looks_at_a_bounded_number_of_filters():
    book = Book(*[rule("chat", rule_id=f"r{number}", text="never") for number in range(100)])
    book.turn(*[chat() for _ in range(100)])
    assert book.book.thinned == 100 * 100 - CHECKS_PER_TURN
    book.turn(*[chat() for _ in range(30)])
    assert book.book.thinned == 100 * 100 - CHECKS_PER_TURN


def test_a_turn_searches_no_longer_than_its_budget_and_for_others_than_chat_even_in_a_flood():
    book = Book(rule("chat", text="[ab]*c", how="regex"), rule("kicks", text="[ab]*c", how="regex", rule_id="r2"))
    planned = book.turn(*[chat("ab" * 250) for _ in range(20)], KicksGifted("Ann", 5, "", "c" + "ab" * 250))
    assert book.book.thinned == 19 and [row.rule_id for row in planned] == ["r2"]
    assert book.book.slow() == "r1" and book.book.slow() == ""
    assert len(book.turn(chat("c"))) == 1


def test_what_a_search_has_taken_counts_and_not_what_it_could_have():
    book = Book(rule("chat", text="[ab]*c", how="regex"))
    times = iter(range(10_000))
    book.book.stopwatch = lambda: next(times) * 1e-5
    book.turn(*[chat("ab" * 250) for _ in range(200)])
    searched = 1 + int((PER_TURN - compiled("[ab]*c").worst("ab" * 250)) // 1e-5)
    assert abs(book.book.thinned - (200 - searched)) <= 1


def test_what_another_filter_stops_is_not_searched():
    book = Book(rule("chat", text="[ab]*c", how="regex", who="moderator"))
    book.turn(*[chat("ab" * 250) for _ in range(20)])
    assert book.book.thinned == 0 and book.book.slow() == ""


def test_a_hostile_pattern_keeps_no_other_rule_from_firing():
    hostile = [rule("chat", text="[ab]*c", how="regex", rule_id=f"h{number}") for number in range(5)]
    good = rule("chat", text="^hi", how="regex", rule_id="good", cooldown=0.05)
    book = Book(*hostile, good)
    spam = [chat("ab" * 250, message_id=f"s{number}") for number in range(50)]
    fired = [sum(row.rule_id == "good" for row in book.turn(*spam, chat("hi all"))) for _ in range(20)]
    assert sum(fired) >= 19
    assert {book.book.slow() for _ in range(9)} >= {"h0", "h4"}


def test_other_rules_are_named_again():
    made = rule("chat", text="[ab]*c", how="regex")
    book = Book(made)
    for _ in range(2):
        book.turn(*[chat("ab" * 250) for _ in range(20)])
        assert (book.book.slow(), book.book.slow()) == ("r1", "")
        book.book.replace([made])


def test_rules_of_other_triggers_are_not_looked_at():
    looked = []
    book = Book(*[rule("follow", rule_id=f"r{number}") for number in range(100)], rule("chat", text="x", rule_id="c"))
    for armed in book.book._index.by_id.values():
        gate = armed.gate.closed
        armed.gate.closed = lambda *args, gate=gate, armed=armed: looked.append(armed.rule.id) or gate(*args)
    book.turn(chat("y"))
    assert looked == ["c"]


def test_nothing_grows_over_a_hundred_thousand_viewers():
    book = Book(
        rule("chat", SAY, cooldown_each=600.0, hold=5.0), rule("first_message", AddLine("Feed"), Wait(60.0), SAY, rule_id="r2")
    )
    for number in range(100_000):
        book.plan(chat(user=str(number), message_id=str(number)))
        if number % 100 == 0:
            book.due(0.1)
    chains = book.book._chains
    assert len(book.book._waits) <= MOST_VIEWERS and len(book.book._greeted) <= 2 * MOST_VIEWERS
    assert len(chains) == chains._chat <= MOST_CHAT_CHAINS and len(chains._shown) <= 100 and len(chains._withdrawn) == 0


# -- trying and explaining -----------------------------------------------------------------------------------------------


def test_try_now_runs_whatever_the_filters_say():
    made = rule("command", SetText("T", "{arg1}"), word="!so", on=False, cooldown=60.0, who="moderator", hold=5.0)
    book = Book(made)
    book.book.paused = True
    for _ in range(2):
        (row,) = book.book.try_now(made, chat("!so Bob"), book.state, book.now)
        assert row.action == SetText("T", "Bob")


def test_what_is_tried_is_not_thinned_by_a_flood_of_chat():
    made = rule("chat", SAY)
    book = Book(rule("chat", AddLine("Feed"), hold=5.0))
    book.turn(*[chat(message_id=str(number)) for number in range(MOST_CHAT_CHAINS + 1)])
    assert book.book.thinned == 1
    (row,) = book.book.try_now(made, chat(), book.state, book.now)
    assert row.is_alert and row.action == SetText("Text", "Ann: hello")


ON = State(Status.CONNECTED)


def against(book, made, event):
    """The keys of all that would keep the rule from firing."""
    return [reason.key for reason in book.book.why_not(made, event, book.state, Host(), book.now)]


def test_try_now_needs_no_event():
    made = rule("connection", SetText("T", "{status}"), status="error")
    assert Book().book.try_now(made, None, State(), 0.0)[0].action == SetText("T", "Error")


@pytest.mark.parametrize(
    ("made", "event", "key"),
    [
        (rule("follow"), FOLLOW, None),
        (rule("follow", chance=1), FOLLOW, "rule_not_always"),
        (rule("follow", on=False), FOLLOW, "rule_not_off"),
        (Rule("r1", trigger=Trigger("follow")), FOLLOW, "rule_not_no_actions"),
        (rule("first_message"), chat(), None),
        (rule("chat"), FOLLOW, "rule_not_other"),
        (rule("command", word="!so"), chat("!go"), "rule_not_other"),
        (rule("chat", text="gg"), chat("hi"), "rule_not_text"),
        (rule("chat", text="(a+)+", how="regex"), chat("a"), "rule_pattern_slow"),
        (rule("follow", only="recording"), FOLLOW, "rule_not_only"),
        (rule("follow", scene="Game"), FOLLOW, "rule_not_scene"),
        (rule("gifted_subs", at_least=6), GIFT, "rule_not_at_least"),
    ],
)
def test_why_a_rule_would_not_fire(made, event, key):
    book = Book(made)
    book.state = ON
    assert against(book, made, event) == ([key] if key else [])


def test_all_that_keeps_a_rule_from_firing_is_said():
    more = {"who": "names", "text": "gg", "only": "recording", "scene": "Game", "chance": 20, "cooldown": 60.0}
    made = rule("chat", on=False, **more)
    book = Book(rule("chat", cooldown=60.0))
    book.turn(chat())
    book.book.paused = True
    keys = ["off", "paused", "connected", "who", "only", "scene", "text", "cooldown", "always"]
    assert sorted(against(book, made, chat("hi"))) == sorted(f"rule_not_{key}" for key in keys)


def test_a_state_of_the_connection_waits_for_no_event_and_no_connection():
    assert against(Book(), rule("connection", status="error"), None) == []
    assert against(Book(), rule("connection", only="live"), None) == ["rule_not_only"]


def test_why_not_names_what_is_left_of_a_cooldown_and_changes_nothing():
    made = rule("follow", cooldown=60.0)
    book = Book(made)
    book.state = ON
    assert against(book, made, FOLLOW) == []
    book.turn(FOLLOW)
    (reason,) = book.book.why_not(made, FOLLOW, book.state, book.host, 130.0)
    assert reason.key == "rule_not_cooldown" and dict(reason.values) == {"seconds": 30}


def test_outcomes_say_how_often_each_rule_fired_and_what_kept_it():
    each = rule("chat", cooldown_each=60.0, rule_id="each")
    book = Book(rule("follow"), each, rule("host", rule_id="host"), rule("follow", on=False, rule_id="off"))
    book.turn(FOLLOW, FOLLOW, chat(), chat())
    rows = {row.rule_id: (row.fired, row.reason.key if row.reason else None) for row in book.book.outcomes(book.now)}
    assert rows == {
        "r1": (2, None),
        "each": (1, "rule_not_cooldown_each"),
        "host": (0, "rule_not_never_asked"),
        "off": (0, "rule_not_off"),
    }
    book.book.forget_outcomes()
    assert [row.fired for row in book.book.outcomes(book.now)] == [0, 0, 0, 0]


def test_paused_is_an_outcome_of_what_happened_meanwhile_only():
    book = Book(rule("follow"), rule("host", rule_id="r2"))
    book.book.paused = True
    book.turn(FOLLOW)
    assert book.book.outcomes(0.0)[1].reason.key == "rule_not_never_asked"
    assert against(book, rule("host"), EVENTS["host"])[0] == "rule_not_paused"
    assert book.book.outcomes(0.0)[0].reason.key == "rule_not_paused"
