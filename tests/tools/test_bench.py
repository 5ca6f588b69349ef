"""What the bench reads is read right: OBS's profile, Python's report of imports, the count on the card; and its page says it."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from bench import obs_profile, page, plot
from bench.frame import counted, twenty_rules
from bench.start import dearest
from bench.table import Goal, Result, Table, percentile

from vmsc_core.rules.saved import dumps, loads

HEAD = "id,parent_id,name_id,parent_name_id,name,time_between_calls,time_delta_µs,count\n"


def profile(*rows: str) -> str:
    return HEAD + "".join(f"0x1,(nil),0x2,(nil),{row}\n" for row in rows)


def test_a_step_is_read_from_obs_profile_and_times_between_calls_are_not() -> None:
    text = profile("tick_sources,0,20,98", "tick_sources,0,3000,2", "tick_sources,1,16667,99", "render_displays,0,9,100")
    tick = obs_profile.read(text, "tick_sources")
    assert (tick.calls, tick.part(0.5), tick.part(0.98), tick.part(0.99)) == (100, 0.02, 0.02, 3.0)
    assert tick.mean == pytest.approx((98 * 0.02 + 2 * 3) / 100)


def test_obs_writes_the_frames_time_behind_its_name() -> None:
    assert obs_profile.read(profile("obs_graphics_thread(16.6667 ms),0,240,7"), "obs_graphics_thread").calls == 7


def test_a_phase_is_the_difference_of_two_looks() -> None:
    before = obs_profile.read(profile("tick_sources,0,20,50", "tick_sources,0,900,5"), "tick_sources")
    after = obs_profile.read(profile("tick_sources,0,20,80", "tick_sources,0,900,5", "tick_sources,0,40,10"), "tick_sources")
    phase = after.since(before)
    assert dict(phase.counts) == {20: 30, 40: 10}
    assert obs_profile.together([phase, phase]).calls == 80


@pytest.mark.parametrize("text", ["", "a page of HTML\nand more", profile("render_displays,0,9,100")])
def test_what_is_not_a_profile_with_that_step_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        obs_profile.read(text, "tick_sources")


def test_imports_count_where_they_are_imported_first_and_only_the_outermost() -> None:
    report = """import time: self [us] | cumulative | imported package
import time:       100 |        100 | site
import time:        10 |         10 |     _socket
import time:        20 |         30 |   socket
import time:         5 |          5 |       enum
import time:        70 |         75 |     http.client
import time:         3 |         78 |   vmsc_core.link
import time:         1 |        109 | vmsc_obs
a line that something else printed
"""
    assert dearest(report) == [("http.client", 75), ("socket", 30)]


@pytest.mark.parametrize(("words", "count"), [("1,200 events · 3 min", 1200), ("1 event", 1), ("Retrying in 4 s", -1), ("", -1)])
def test_the_count_is_read_off_the_card(words: str, count: int) -> None:
    assert counted(words) == count


def test_there_are_twenty_rules_and_obs_can_save_them() -> None:
    rules = twenty_rules()
    assert len({rule.id for rule in rules}) == 20
    assert list(loads(dumps(rules)).rules) == rules


@pytest.mark.parametrize(("values", "part", "found"), [([3, 1, 2], 0.5, 2), ([1, 2], 0.99, 2), ([], 0.5, 0)])
def test_percentile(values: list[float], part: float, found: float) -> None:
    assert percentile(values, part) == found


RESULT = Result(
    [Table("Turns", ("phase", "ms"), [("quiet", "0.2"), ("5,000/s", "2.60")], "Measured.")],
    [Goal("quiet", 0.05, 0.02, "ms"), Goal("flood", 1, 2.5, "ms")],
    {"median": [(50.0, 0.3), (5000.0, 2.6)]},
)


def test_a_result_is_the_same_after_it_was_kept() -> None:
    again = Result.from_json(json.loads(json.dumps(RESULT.as_json())))
    assert (again.goals, again.curves) == (RESULT.goals, RESULT.curves)
    assert [table.markdown() for table in again.tables] == [table.markdown() for table in RESULT.tables]


def test_the_page_says_which_goals_are_missed_and_keeps_what_was_written_by_hand() -> None:
    text = page.page({"obs": RESULT}, {"obs": "2 cores"}, page.WHY_MARK + "\n\nBecause.\n")
    assert "| flood | 1.00 ms | 2.50 ms | missed |" in text
    assert "| quiet | 0.05 ms | 0.02 ms |  |" in text
    assert "| 5,000/s | 2.60 |" in text
    assert text.endswith(page.WHY_MARK + "\n\nBecause.\n")


def test_the_plot_is_a_picture_with_every_point_in_it() -> None:
    picture = ElementTree.fromstring(plot.svg("A & B", "load", "ms", RESULT.curves))
    assert len(picture.findall("{*}circle")) == 2
    assert all(0 < float(dot.attrib["cx"]) < plot.WIDTH and 0 < float(dot.attrib["cy"]) < plot.HEIGHT
               for dot in picture.findall("{*}circle"))  # fmt: skip
