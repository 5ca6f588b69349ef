"""Rules that came with somebody else's scene collection, in a real OBS: nothing runs until a press, and then it does for good."""

from __future__ import annotations

from kick_simulator import KickSimulator
from obs_sandbox import SCENE, ObsSandbox
from real_obs.session import BEHIND, ONLY_RULES, SCRIPT, ended_well, page, press, reload, saved_now, settings, wait_for

from vmsc_core.events import Status
from vmsc_core.rules import actions as act
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.rules.saved import dumps

RULES = [Rule("r1", "Greet", trigger=Trigger("command", "!hi"), actions=(act.SetText("Mine", "{user} said {args}"),))]
STRANGERS = "0" * 64


def test_a_strangers_rules_run_after_one_press_and_for_good(kick: KickSimulator) -> None:
    own = settings(kick, **ONLY_RULES, rules=dumps(RULES), rules_mark=STRANGERS)
    with ObsSandbox(SCRIPT, own, background=BEHIND) as obs:
        obs.ws.create_input(SCENE, "Mine", "text_ft2_source_v2", {"text": "before"}, True)
        wait_for(obs, Status.CONNECTED)

        def mine() -> str:
            return str(obs.input_settings("Mine")["text"])

        kick.chat("speedy", text="!hi one", username="Anna")
        said = page(obs)
        assert "don't run yet" in said and "press Use these rules" in said and "When someone writes !hi" in said
        assert mine() == "before"
        press(obs, "Use these rules", lambda: "run from now on" in page(obs))
        kick.chat("speedy", text="!hi two", username="Anna")
        obs.wait(lambda: mine() == "Anna said two", 10, "the rule")
        obs.wait(lambda: saved_now(obs).get("rules_mark") not in (None, STRANGERS), 10, "the mark to be saved")

        reload(obs)
        wait_for(obs, Status.CONNECTED)
        assert "run yet" not in page(obs)
        kick.chat("speedy", text="!hi three", username="Anna")
        obs.wait(lambda: mine() == "Anna said three", 10, "the rule after Reload")
        obs.close_scripts_dialog()
        ended_well(obs)
