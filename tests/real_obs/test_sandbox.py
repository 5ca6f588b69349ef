"""The sandbox itself: a real OBS starts, shows a color, runs a script and ends without leaks."""

from __future__ import annotations

import pytest

SCRIPT = """
import obspython as obs

def script_description():
    return "trivial"

def script_load(settings):
    obs.script_log(obs.LOG_INFO, "hello " + obs.obs_data_get_string(settings, "word"))
    obs.script_log(obs.LOG_WARNING, "look out")

def script_properties():
    page = obs.obs_properties_create()
    obs.obs_properties_add_button(page, "press", "Press me", pressed)
    return page

def pressed(page, prop):
    obs.script_log(obs.LOG_INFO, "pressed")
    return True
"""


@pytest.mark.parametrize("version", [1, 2])
def test_a_script_is_loaded_a_color_is_seen_and_nothing_leaks(sandbox, tmp_path, version):
    script = tmp_path / "trivial.py"
    script.write_text(SCRIPT)
    with sandbox(script, {"word": "there"}, background=0xFF2060A0, collection_version=version) as obs:
        assert any("hello there" in line for line in obs.script_lines())
        assert [line.endswith("look out") for line in obs.warnings()] == [True]
        picture = obs.scene_screenshot()
        assert picture.size == (1280, 720)
        assert picture.getpixel((640, 360))[:3] == (0xA0, 0x60, 0x20)  # OBS keeps colors as AABBGGRR
        assert obs.scene_items()[0]["sourceName"] == "Background"
        assert obs.saved_settings()["word"] == "there"
        ended = obs.quit()
    assert ended.code == 0
    assert ended.leaks == 0
    assert 0 <= ended.tick.median < 20
