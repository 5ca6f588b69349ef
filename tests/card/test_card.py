"""What the card shows: the six looks, the pulse, the texts and where they are wrapped."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vmsc_core.card.card import (
    ACCENTS,
    DARK,
    DIMMEST,
    LINE_CHARACTERS,
    LOOKS,
    MOST_LINES,
    NAME_CHARACTERS,
    NOTICE_SECONDS,
    OPACITIES,
    PALE,
    PULSE_SECONDS,
    WHITE,
    duration,
    pulse,
    render,
    wrap,
)
from vmsc_core.events import Status
from vmsc_core.host import Host
from vmsc_core.reasons import because
from vmsc_core.settings import FIELDS, Choices
from vmsc_core.state import Drop, State, Tally
from vmsc_core.words import say

CHOICES, OFF = Choices(), Host()
GRAY, YELLOW, LIME, ORANGE, RED = "gray", "yellow", "lime", "orange", "red"


def hue(color: int) -> str:
    """The name of a color 0xRRGGBB, as a viewer would say it."""
    red, green, blue = color >> 16, color >> 8 & 255, color & 255
    if max(red, green, blue) - min(red, green, blue) < 32:
        return GRAY
    if green > red:
        return LIME
    if green > 180:
        return YELLOW
    return ORANGE if green > 110 else RED


# The six looks of the README: state, words, dot, whether it pulses.
@pytest.mark.parametrize(
    ("status", "title", "color", "pulses"),
    [
        (Status.DISCONNECTED, "Disconnected", GRAY, False),
        (Status.CONNECTING, "Connecting", YELLOW, True),
        (Status.CONNECTED, "Connected", LIME, False),
        (Status.LIVE, "Live", LIME, True),
        (Status.RECONNECTING, "Reconnecting", ORANGE, True),
        (Status.ERROR, "Error", RED, False),
    ],
)
def test_the_six_looks(status, title, color, pulses):
    state = State(status, "Name")
    turns = [render(state, CHOICES, OFF, 100 + turn / 10) for turn in range(20)]
    assert {card.title for card in turns} == {title}
    assert {hue(card.color) for card in turns} == {color}
    alphas = {card.alpha for card in turns}
    assert (len(alphas) > 5) if pulses else alphas == {255}


def test_every_status_has_a_look_of_its_own():
    assert set(LOOKS) == set(Status)
    assert len({(look.color, look.pulses) for look in LOOKS.values()}) == 6


def test_lime_is_kicks_own():
    assert LOOKS[Status.CONNECTED].color == LOOKS[Status.LIVE].color == 0x53FC18


# -- the pulse ---------------------------------------------


def test_the_pulse_is_brightest_at_its_beginning_and_dimmest_half_way():
    assert pulse(0.0) == pulse(PULSE_SECONDS) == pulse(1000 * PULSE_SECONDS) == 255
    assert pulse(PULSE_SECONDS / 2) == DIMMEST


@given(st.floats(0, 1e9))
def test_the_pulse_stays_within_its_limits(now):
    assert DIMMEST <= pulse(now) <= 255


def test_the_pulse_is_smooth_at_ten_turns_a_second():
    alphas = [pulse(turn / 10) for turn in range(160)]
    assert max(abs(a - b) for a, b in zip(alphas, alphas[1:])) < 50


# -- times ---------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (0.99, "0:00"),
        (42, "0:42"),
        (59.999, "0:59"),
        (60, "1:00"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (3723, "1:02:03"),
        (360_000, "100:00:00"),
        (-1, "0:00"),
        (-1e9, "0:00"),
    ],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


def connected(**changes: object) -> State:
    return replace(State(Status.CONNECTED, "Name", since=100.0), **changes)


def detail(state: State, now: float) -> list[str]:
    return render(state, CHOICES, OFF, now).detail.split("\n")


@pytest.mark.parametrize(
    ("events", "text"),
    [(0, "0 events"), (1, "1 event"), (2, "2 events"), (1234, "1,234 events"), (1_234_567, "1,234,567 events")],
)
def test_the_count_of_events(events, text):
    assert detail(connected(count=events), 100.0)[0].split("  ")[0] == text


@pytest.mark.parametrize("status", [Status.CONNECTED, Status.LIVE])
def test_the_uptime(status):
    # "0:08" alone would be read as the time of the stream.
    assert detail(connected(status=status, count=37), 100 + 3723.9)[0] == "37 events  \u00b7  connected 1:02:03"


def test_the_uptime_is_never_negative():
    assert detail(connected(), 50.0)[0].endswith("0:00")


def reconnecting(**changes: object) -> State:
    return replace(State(Status.RECONNECTING, "Name", reason=because("lost"), attempt=2, retry_at=104.0), **changes)


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (100.0, "Retrying in 4 s"),
        (100.001, "Retrying in 4 s"),
        (103.0, "Retrying in 1 s"),
        (103.999, "Retrying in 1 s"),
        (104.0, "Trying now"),
        (200.0, "Trying now"),
    ],
)
def test_the_countdown_ends_at_one_and_is_never_negative(now, first):
    assert detail(reconnecting(), now)[0].split(" (")[0] == first


@pytest.mark.parametrize(
    ("attempt", "retry_at", "text"),
    [(0, 104.0, "(attempt 1)"), (2, 104.0, "(attempt 3)"), (3, None, "(attempt 3)"), (0, None, "(attempt 1)")],
)
def test_the_attempts_number_is_that_of_the_try_that_is_waited_for_or_runs(attempt, retry_at, text):
    assert detail(reconnecting(attempt=attempt, retry_at=retry_at), 100.0)[0].endswith(text)


def test_the_reason_stands_below_the_countdown():
    assert detail(reconnecting(), 100.0)[1] == "Lost the connection to Kick."
    assert len(detail(reconnecting(reason=None), 100.0)) == 1


def test_a_notice_stays_for_a_while():
    state = connected(notice=because("server_moved", at="20:14"))
    assert "Kick changed its server" in render(state, CHOICES, OFF, 100 + NOTICE_SECONDS - 0.001).detail
    assert "Kick changed its server" not in render(state, CHOICES, OFF, 100 + NOTICE_SECONDS).detail


# -- nothing is cut off ---------------------------------------------


def test_a_name_as_long_as_kick_allows_is_shown_whole():
    name = "W" * 25
    assert render(State(name=name), CHOICES, OFF, 0.0).name == name


def test_a_longer_name_is_cut_with_an_ellipsis():
    shown = render(State(name="W" * 300), CHOICES, OFF, 0.0).name
    assert len(shown) == NAME_CHARACTERS and shown.endswith("…")


def test_a_card_without_a_name_says_kick():
    assert render(State(), CHOICES, OFF, 0.0).name == "Kick"


TWO_LINES = say(because("lookup_country"))


def test_an_error_of_two_lines_is_wrapped_between_words():
    card = render(State(Status.ERROR, "Name", reason=because("lookup_country")), CHOICES, OFF, 0.0)
    assert len(card.detail.split("\n")) == 2
    assert card.detail.replace("\n", " ") == TWO_LINES


def test_a_word_longer_than_the_card_is_broken():
    lines = wrap("x" * 300).split("\n")
    assert [len(line) for line in lines] == [LINE_CHARACTERS] * MOST_LINES
    assert lines[-1].endswith("…")


def test_a_long_word_among_others_is_broken_and_nothing_is_lost():
    text = "Run " + "y" * 60 + " now"
    assert wrap(text).replace("\n", "").replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_stays_nothing(text):
    assert wrap(text) == ""


@settings(max_examples=300, deadline=None, database=None)
@given(st.text(max_size=400), st.integers(5, 60), st.integers(1, 4))
def test_no_text_is_wider_or_higher_than_asked(text, width, lines):
    wrapped = wrap(text, width, lines).split("\n")
    assert len(wrapped) <= lines
    assert all(len(line) <= width for line in wrapped)
    whole = "".join("".join(wrapped).split())
    words = "".join(text.split())
    assert whole == words or (whole.endswith("…") and words.startswith(whole[:-1]))


@settings(max_examples=300, deadline=None, database=None)
@given(
    st.builds(
        State,
        status=st.sampled_from(Status),
        name=st.text(max_size=60),
        reason=st.none() | st.builds(because, st.text(max_size=300)),
        notice=st.none() | st.builds(because, st.text(max_size=100)),
        followers=st.none() | st.integers(0, 10**9),
        count=st.integers(0, 10**9),
        since=st.none() | st.floats(0, 1e7),
        attempt=st.integers(0, 10**6),
        retry_at=st.none() | st.floats(0, 1e7),
    ),
    st.floats(0, 1e7),
)
def test_every_state_fits_on_the_card(state, now):
    card = render(state, CHOICES, OFF, now)
    lines = card.detail.split("\n")
    assert 1 <= len(card.name) <= NAME_CHARACTERS
    assert len(lines) <= MOST_LINES
    assert all(len(line) <= LINE_CHARACTERS for line in lines)
    assert "-" not in lines[0] or state.status in (Status.ERROR,)


ON_AIR = [Host(streaming=True), Host(recording=True)]
TROUBLES = [
    State(Status.DISCONNECTED, "Name"),
    State(Status.DISCONNECTED),
    State(Status.CONNECTING, "Name"),
    State(Status.RECONNECTING, "Name", reason=because("lost"), attempt=2, retry_at=104.0),
    State(Status.ERROR, "Name", reason=because("lookup_country")),
]


@pytest.mark.parametrize("host", ON_AIR)
@pytest.mark.parametrize("state", TROUBLES)
def test_on_air_viewers_see_only_the_states_word(state, host):
    card = render(state, CHOICES, host, 100.0)
    assert card.title and card.detail == ""
    assert render(state, CHOICES, OFF, 100.0).detail != ""


@pytest.mark.parametrize("host", ON_AIR)
@pytest.mark.parametrize("state", TROUBLES[:2])
@pytest.mark.parametrize("problems", ["off_air", "always", "never"])
def test_what_the_streamer_is_to_do_never_goes_on_air(state, host, problems):
    assert render(state, Choices(card_problems=problems), host, 100.0).summary.count("Scripts") == 0


@pytest.mark.parametrize("state", TROUBLES[2:])
def test_whoever_wants_it_shows_problems_always_or_never(state):
    everything = render(state, CHOICES, OFF, 100.0)
    assert render(state, Choices(card_problems="always"), ON_AIR[0], 100.0) == everything
    assert render(state, Choices(card_problems="never"), OFF, 100.0).detail == ""


def test_a_notice_does_not_go_on_air():
    state = connected(notice=because("server_moved", at="20:14"))
    assert render(state, CHOICES, ON_AIR[0], 101.0).detail == "0 events  \u00b7  connected 0:01"


def test_without_a_name_the_card_says_where_to_set_it_up():
    assert render(State(), CHOICES, OFF, 0.0).detail == "Set up in Tools > Scripts"


LOST = replace(reconnecting(), count=7, drop=Drop(Status.LIVE, 40.0, 100.0))


def test_on_air_a_drop_that_heals_within_five_seconds_is_never_seen():
    shown = [render(LOST, CHOICES, ON_AIR[0], 100 + second) for second in (0.0, 4.999, 5.0)]
    assert [card.title for card in shown] == ["Live", "Live", "Reconnecting"]
    assert shown[0].detail == "7 events  \u00b7  connected 1:00"
    assert shown[0].color == LOOKS[Status.LIVE].color


@pytest.mark.parametrize(("choices", "host"), [(CHOICES, OFF), (Choices(card_problems="always"), ON_AIR[0])])
def test_elsewhere_a_drop_shows_at_once(choices, host):
    assert render(LOST, choices, host, 100.0).title == "Reconnecting"


def test_an_error_is_no_drop():
    assert render(replace(LOST, status=Status.ERROR), CHOICES, ON_AIR[0], 100.0).title == "Error"


ONE = Tally(1, 1, 1, because("latest_gifts_many", name="Kindotter", count="5"))


@pytest.mark.parametrize(
    ("line", "state", "text"),
    [
        ("tally", connected(tally=ONE), "1 follow  \u00b7  1 sub  \u00b7  1 gift"),
        ("tally", connected(tally=Tally(1234, 2, 0)), "1,234 follows  \u00b7  2 subs  \u00b7  0 gifts"),
        ("latest", connected(tally=ONE), "Kindotter gifted 5 subs"),
        ("latest", connected(), "0 events  \u00b7  connected 0:00"),
        ("followers", connected(followers=1), "1 follower"),
        ("followers", connected(followers=12345), "12,345 followers"),
        ("followers", connected(), "0 events  \u00b7  connected 0:00"),
        ("events", connected(followers=1), "0 events  \u00b7  connected 0:00\n1 follower"),
    ],
)
def test_the_second_line_is_the_one_chosen(line, state, text):
    assert render(state, Choices(card_line=line), OFF, 100.0).detail == text


@pytest.mark.parametrize("layout", ["compact", "dot"])
def test_a_small_card_has_room_for_the_uptime_only(layout):
    small = Choices(card_layout=layout)
    assert render(connected(), small, OFF, 142.0).line == "0:42"
    assert render(reconnecting(), small, OFF, 142.0).line == ""
    assert render(reconnecting(), small, OFF, 142.0).summary == render(reconnecting(), CHOICES, OFF, 142.0).summary


def test_a_full_card_shows_all_of_it():
    card = render(connected(followers=3), CHOICES, OFF, 142.0)
    assert card.line == card.detail


def test_the_badge_is_the_states_word_in_capitals_and_only_connected_is_outlined():
    cards = {status: render(State(status, "Name"), CHOICES, OFF, 0.0) for status in Status}
    assert [card.badge for card in cards.values()] == [status.value.upper() for status in Status]
    assert [status for status, card in cards.items() if card.is_outlined] == [Status.CONNECTED]


def test_a_pulsing_dot_is_never_hard_to_see():
    assert DIMMEST >= 140


def test_the_summary_is_everything_in_one_text():
    card = render(reconnecting(), CHOICES, OFF, 100.0)
    assert card.summary == f"Name\nReconnecting\n{card.detail}"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        (
            "{name} \u00b7 {state} \u00b7 {count} events \u00b7 {uptime} \u00b7 {followers}",
            "Name \u00b7 Live \u00b7 1,234 events \u00b7 0:42 \u00b7 \u2013",
        ),
        ("{state.value} {unknown} {0}", "{state.value} {unknown} {0}"),
        ("x" * 600, "x" * 500),
        ("plain", "plain"),
    ],
)
def test_the_users_template_says_what_the_copied_text_is(template: str, text: str):
    live = State(Status.LIVE, name="Name", count=1234, since=58.0)
    assert render(live, Choices(text_template=template), OFF, 100.0).summary == text


def test_a_template_knows_the_followers_and_a_name_in_braces_is_just_a_name():
    state = State(Status.CONNECTED, name="{state}", followers=4321, since=0.0)
    assert render(state, Choices(text_template="{name}: {followers}"), OFF, 1.0).summary == "{state}: 4,321"


# -- legible ---------------------------------------------


def luminance(color: int) -> float:
    """WCAG 2: relative luminance of 0xRRGGBB."""
    parts = [part / 255 for part in (color >> 16, color >> 8 & 255, color & 255)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    """Of two luminances."""
    high, low = sorted((one, other), reverse=True)
    return (high + 0.05) / (low + 0.05)


def over(scene: int, alpha: int) -> float:
    """The luminance of the panel over one color of the scene: OBS blends in linear light."""
    return luminance(DARK) * alpha / 255 + luminance(scene) * (1 - alpha / 255)


@pytest.mark.parametrize("alpha", OPACITIES.values())
@pytest.mark.parametrize("scene", [0x000000, 0xFFFFFF, 0x53FC18, 0xFF0000, 0x808080])
@pytest.mark.parametrize("text", [WHITE, PALE])
def test_each_text_stands_out_from_the_panel_on_any_scene(alpha, scene, text):
    assert contrast(luminance(text), over(scene, alpha)) >= 4.5


@pytest.mark.parametrize("status", Status)
def test_the_letters_stand_out_from_their_badge(status):
    card = render(State(status, "Name"), CHOICES, OFF, 0.0)
    assert contrast(luminance(card.letters), luminance(DARK if card.is_outlined else card.color)) >= 4.5


def test_the_looks_on_the_page_are_those_there_are():
    choices = {field.key: field.choices for field in FIELDS}
    assert set(ACCENTS) == set(choices["card_accent"]) and set(OPACITIES) == set(choices["card_opacity"])
    assert ACCENTS[Choices().card_accent] == 0x53FC18
