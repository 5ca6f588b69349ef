"""Rehearse in a fake OBS: the real App goes on behind it, the card says REHEARSAL, and everything is as before at the end.

The story is told as fast as the link reads it, and the clock is the test's: nobody waits.
"""

from __future__ import annotations

import threading
from typing import Any

import pytest
from fake_obspython import FakeObs
from kick_simulator import KickSimulator
from obs.session import SCRIPT, app, at_kick, lines, start, status, text

from vmsc_core.rules import actions as act
from vmsc_core.rules.filters import Filters
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.rules.saved import dumps

RULES = (
    Rule("gift", "Confetti", trigger=Trigger("gifted_subs"), actions=(act.ShowSource("Confetti", seconds=900.0),)),
    Rule("chat", "Feed", trigger=Trigger("command", "!hi"), actions=(act.AddLine("Feed", "{user}: {args}"),)),
    Rule("gone", "Lost", trigger=Trigger("host"), actions=(act.SetText("Nowhere", "x"),)),
    Rule(
        "never",
        "Nobody",
        trigger=Trigger("follow"),
        filters=Filters(who="names", names=("Zed",)),
        actions=(act.SetText("Feed", "x"),),
    ),
    Rule("rec", "Tape", trigger=Trigger("kicks"), actions=(act.Record("start"), act.WriteEvent(), act.PressHotkey("x"))),
)


class Show:
    """A script with these rules, a card, and a clock of the test's own."""

    def __init__(
        self, fake: FakeObs, rules: tuple[Rule, ...] = RULES, pause: threading.Event | None = None, **settings: Any
    ) -> None:
        self.fake = fake
        start(fake, {"username": "speedy", "rules": dumps(rules), **settings})
        fake.press("add_card")
        fake.create_source("color_source_v3", "Confetti", {})
        fake.create_source("text_ft2_source_v2", "Feed", {"text": "before"})
        assert fake.script is not None
        self.script = fake.script.script
        self.rehearsal = self.script.rules.rehearsal
        self.say = fake.import_module("vmsc_core.words").say
        self.now, self.waiting = 1000.0, threading.Event()
        self.script.app._clock = lambda: self.now
        stage = fake.import_module("vmsc_core.link.stage").Stage

        def wait(stop: threading.Event, seconds: float) -> bool:
            if pause is None or not pause.is_set():
                return stop.is_set()
            self.waiting.set()
            return stop.wait()

        self.rehearsal.make_stage = lambda cues, clock: stage(cues, clock, wait)
        self.hide("Confetti")
        self.turn()

    def hide(self, name: str) -> None:
        actions = self.fake.import_module("vmsc_core.rules.actions")
        self.fake.call_on_graphics(self.script.rules._actions.perform, actions.HideSource(name), 0.0)

    def press(self) -> str:
        return self.say(self.fake.call(self.rehearsal.start, self.script.rules.rules))

    def stop(self) -> str:
        return self.say(self.fake.call(self.rehearsal.stop))

    def turn(self, seconds: float = 0.1) -> None:
        self.now += seconds
        self.fake.run_timers()

    def told(self) -> None:
        """Until the whole story is told."""
        self.fake.tick_until(lambda: self.rehearsal._run._ends_at is not None, what="the end of the story")

    def until_over(self) -> None:
        while self.rehearsal.is_running:
            self.turn(1.0)

    def lines(self) -> list[str]:
        return [self.say(line) for line in self.rehearsal.lines]

    def shown(self, name: str = "Confetti") -> bool:
        return next(item.visible for item in self.fake.scene_items() if item.name == name)

    def feed(self) -> str:
        return str(self.fake.source("Feed").settings["text"])


def test_one_that_is_stopped_begins_nothing_more(fake: FakeObs) -> None:
    """A sound that is begun and put back at once plays on: OBS does the one later, and the other never."""
    show = Show(fake)
    show.press()
    turns: list[float] = []
    show.rehearsal._run.turn = turns.append
    show.turn()
    show.stop()
    show.turn()
    assert len(turns) == 1 and not show.rehearsal.is_running


def test_a_rehearsal_writes_no_label_and_takes_none_back(fake: FakeObs) -> None:
    """The story has a message that is deleted."""
    show = Show(fake, (Rule("label", trigger=Trigger("chat"), actions=(act.WriteLabel("said", "{message}"),)),))
    asked: list[Any] = []
    for name in ("write", "take_back"):
        setattr(show.script.rules.files, name, lambda *args: asked.append(args))
    show.press()
    show.told()
    show.until_over()
    assert "not all of it was done" in show.lines()[1] and asked == []


def test_it_plays_to_its_end_and_says_what_fired_and_why_not(fake: FakeObs) -> None:
    show = Show(fake)
    assert show.lines() == []
    assert show.press().startswith("The rehearsal takes about a minute.")
    assert show.lines()[0].startswith("Rehearsing for 0 s now.")
    show.told()
    show.turn()
    assert text(fake, "detail").splitlines()[-1] == "REHEARSAL"
    assert show.shown() and show.feed().splitlines()[1] == "Bob99: Hello from the test"
    show.until_over()
    assert show.lines() == [
        "The rehearsal is over: 4 of 5 rules fired.",
        "Nobody: didn't fire. It came from somebody else.",
        "Lost: fired, but not all of it was done. There's no source called Nowhere of the right kind.",
        "Tape: fired, but not all of it was done. A rehearsal leaves out recordings, replays, chapters, hotkeys, and files.",
        "Confetti: fired once.",
        "Feed: fired 3 times.",
    ]
    show.turn()
    assert text(fake, "title") == "DISCONNECTED" and "REHEARSAL" not in text(fake, "detail")
    assert not show.shown() and show.feed() == "before", "all is as it was before"
    assert [name for name, _ in fake.frontend_calls if "record" in name and "start" in name] == []


def test_what_the_real_channel_says_is_counted_meanwhile_and_apart(fake: FakeObs, kick: KickSimulator) -> None:
    show = Show(fake, **at_kick(kick))
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")
    show.press()
    show.told()
    assert app(fake).state.count == 0 and app(fake).state.name == "Speedy"
    kick.chat("speedy", 3)
    fake.tick_until(lambda: app(fake).state.count == 3, what="what is real")
    assert text(fake, "detail").splitlines()[-1] == "REHEARSAL"
    show.until_over()
    show.turn()
    assert text(fake, "title") == "CONNECTED" and text(fake, "detail").startswith("3 events")
    real = app(fake).rulebook.outcomes(show.now)
    assert [outcome.fired for outcome in real] == [0] * len(RULES)
    assert app(fake).state.count == 3 and app(fake).state.tally.gifts == 0
    assert "4242" not in str(app(fake).known), "the made-up channel is not remembered"


def test_cooldowns_and_greeted_viewers_of_the_real_rules_are_untouched(fake: FakeObs) -> None:
    rule = Rule("r1", trigger=Trigger("first_message"), filters=Filters(cooldown=600.0), actions=(act.AddLine("Feed", "{user}"),))
    show = Show(fake, (rule,))
    show.press()
    show.told()
    show.until_over()
    assert show.lines()[1].endswith("fired once.")
    events = fake.import_module("vmsc_core.events")
    message = events.ChatMessage("real", "NightOwl", "hello")
    book = app(fake).rulebook
    not_connected = fake.import_module("vmsc_core.reasons").because("rule_not_connected")
    assert book.why_not(show.script.rules.rules[0], message, app(fake).state, app(fake).host, show.now) == (not_connected,)
    assert len(book.plan(message, app(fake).state, app(fake).host, show.now)) == 1


def test_two_rehearsals_show_the_same(fake: FakeObs) -> None:
    show = Show(fake)
    results = []
    for _ in range(2):
        show.press()
        show.told()
        show.until_over()
        results.append(show.lines())
    assert results[0] == results[1]


def test_stop_ends_it_and_the_card_shows_the_truth(fake: FakeObs) -> None:
    show = Show(fake)
    assert show.stop() == "No rehearsal is running."
    show.press()
    assert show.press() == "A rehearsal is running. Press Stop rehearsal to end it."
    fake.tick_until(show.shown, what="the confetti")
    assert show.stop().startswith("The rehearsal is ending.")
    show.turn()
    show.turn()
    assert not show.rehearsal.is_running and not show.shown()
    assert text(fake, "title") == "DISCONNECTED" and "REHEARSAL" not in text(fake, "detail")
    assert show.feed() == "before"
    fake.tick_until(lambda: thread_names() == [], what="the end of its thread")


def test_one_that_is_stopped_before_its_end_says_so(fake: FakeObs) -> None:
    waits = threading.Event()
    waits.set()
    show = Show(fake, pause=waits)
    show.press()
    show.turn()
    assert show.waiting.wait(5)
    show.turn(7.0)
    assert show.lines() == ["Rehearsing for 7 s now. It takes about a minute."]
    show.stop()
    show.turn()
    assert show.lines()[0] == "The rehearsal was stopped: 0 of 5 rules had fired."
    assert show.lines()[1] == "Confetti: didn't fire. Nothing of that kind happened."


def test_it_ends_when_obs_goes_on_air(fake: FakeObs) -> None:
    show = Show(fake, pause=(pause := threading.Event()))
    pause.set()
    show.press()
    show.turn()
    fake.answers["obs_frontend_streaming_active"] = True
    show.turn()
    assert not show.rehearsal.is_running and show.script.app.preview is None
    assert show.lines()[0] == "You went on air, so the rehearsal ended."


def test_on_air_a_second_press_is_needed(fake: FakeObs) -> None:
    show = Show(fake)
    fake.answers["obs_frontend_streaming_active"] = True
    show.turn(5.0)
    assert show.press().startswith("You're on air")
    assert not show.rehearsal.is_running
    show.turn(11.0)
    assert show.press().startswith("You're on air"), "too late"
    show.turn(9.0)
    assert show.press().startswith("The rehearsal takes")
    assert show.rehearsal.is_running
    show.stop()
    show.turn()
    assert show.press().startswith("You're on air"), "a confirmation holds once"


@pytest.mark.parametrize("holds", [True, False], ids=["in the middle of a pause", "in the middle of a rush"])
def test_the_end_of_the_script_ends_it(fake: FakeObs, holds: bool) -> None:
    waits = threading.Event()
    show = Show(fake, pause=waits)
    show.press()
    fake.tick_until(show.shown, what="the confetti")
    if holds and not show.rehearsal._run._stage.over:
        waits.set()
    fake.unload_script()
    assert thread_names() == []
    assert not show.shown() and show.feed() == "before"
    assert text(fake, "title") == "DISCONNECTED" and "REHEARSAL" not in text(fake, "detail")


def test_the_end_of_the_script_in_the_middle_of_a_turn_is_no_trouble(fake: FakeObs) -> None:
    show = Show(fake)
    show.press()
    with fake.timers_on_their_own():
        fake.unload_script()
    assert thread_names() == []


def test_another_scene_collection_in_the_middle_ends_it(fake: FakeObs) -> None:
    show = Show(fake)
    show.press()
    fake.tick_until(show.shown, what="the confetti")
    fake.switch_collection("Other", {"username": "speedy"})
    fake.tick(0.5)
    assert fake.script is not None and not fake.script.script.rules.rehearsal.is_running
    assert thread_names() == []
    fake.switch_collection("Untitled")
    fake.tick(0.5)
    assert not show.shown() and show.feed() == "before", "OBS had saved it as it was shown"
    assert "REHEARSAL" not in text(fake, "detail")
    fake._save_project()
    assert fake.saved["rehearsal_before"] == "", "it is put back once"


def test_after_a_restart_in_the_middle_all_is_as_it_was(fake: FakeObs) -> None:
    show = Show(fake)
    show.press()
    fake.tick_until(lambda: show.shown() and show.feed() != "before", what="the confetti")
    fake.quit()
    saved = dict(fake.saved)
    assert "before" in saved["rehearsal_before"]
    fake.load_script(SCRIPT, saved)
    fake.tick(0.3)
    fake.load_collection()
    fake.tick(0.3)
    assert not show.shown() and show.feed() == "before"


def test_no_turn_starts_a_thread_by_waiting_for_it(fake: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    show = Show(fake)
    began: list[str] = []
    begin = threading.Thread.start

    def noted(thread: threading.Thread) -> None:
        began.append(threading.current_thread().name)
        begin(thread)

    show.press()
    monkeypatch.setattr(threading.Thread, "start", noted)
    show.told()
    show.until_over()
    assert [name for name in began if "graphics" in name.lower()] == []


def test_a_link_that_never_tells_ends_after_some_minutes(fake: FakeObs) -> None:
    waits = threading.Event()
    waits.set()
    show = Show(fake, pause=waits)
    show.press()
    show.turn()
    assert show.waiting.wait(5)
    for _ in range(20):
        show.turn(13.0)
    assert not show.rehearsal.is_running
    assert show.lines()[0].startswith("The rehearsal was stopped")


def test_the_page_begins_and_ends_it_and_shows_what_it_showed(fake: FakeObs) -> None:
    show = Show(fake)
    fake.page()
    fake.press("rehearse")
    assert lines(fake, "answer_rehearsal")[0].startswith("The rehearsal takes about a minute.")
    assert can_press(fake) == {"rehearse": True, "stop_rehearsal": True, "show_rehearsal": True}
    show.told()
    fake.press("show_rehearsal")
    assert lines(fake, "rehearsal")[0].startswith("Rehearsing for ")
    fake.press("stop_rehearsal")
    assert lines(fake, "answer_rehearsal")[0].startswith("The rehearsal is ending.")
    show.turn()
    fake.press("show_rehearsal")
    assert lines(fake, "rehearsal")[0] == "The rehearsal is over: 4 of 5 rules fired."
    assert len(lines(fake, "rehearsal")) == 6
    assert can_press(fake) == {"rehearse": True, "stop_rehearsal": False, "show_rehearsal": True}


def can_press(fake: FakeObs) -> dict[str, bool]:
    page = fake._page or fake.page()
    return {key: page.drawn[key].enabled for key in ("rehearse", "stop_rehearsal", "show_rehearsal")}


def test_a_stopped_rehearsal_says_at_once_what_it_showed(fake: FakeObs) -> None:
    show = Show(fake)
    fake.page()
    assert can_press(fake) == {"rehearse": True, "stop_rehearsal": False, "show_rehearsal": False}
    fake.press("rehearse")
    show.told()
    page = show.script.page
    page.outcome_timeout, page._pause = 5.0, lambda seconds: show.turn()
    fake.press("stop_rehearsal")
    assert lines(fake, "rehearsal")[0] == "The rehearsal is over: 4 of 5 rules fired."
    assert not page_of(fake)["answer_rehearsal"].visible


def page_of(fake: FakeObs) -> Any:
    assert fake._page is not None
    return fake._page.drawn


def thread_names() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "vmsc-link"]
