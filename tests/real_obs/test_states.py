"""The six states of the card in a real OBS: each reached through the simulator and seen, and the count of events."""

from __future__ import annotations

from kick_simulator import KickSimulator
from obs_sandbox import ObsSandbox
from real_obs.session import BEHIND, SCRIPT, ended_well, see, settings, text, wait_events, wait_for

from vmsc_core.events import Status


def test_each_state_is_reached_and_seen(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick, connect_wanted=False), background=BEHIND) as obs:
        see(obs, Status.DISCONNECTED)
        assert kick.tries == 0

        kick.silence(new_too=True)
        obs.hotkey("vmsc_hotkey_connect")
        see(obs, Status.CONNECTING)
        kick.silence(False)

        see(obs, Status.CONNECTED)
        assert text(obs, "name") == "Speedy"

        kick.go_live("speedy")
        see(obs, Status.LIVE)

        kick.stop_listening()
        kick.drop()
        see(obs, Status.RECONNECTING)
        assert "Retrying in" in text(obs, "detail") or "Trying now" in text(obs, "detail")
        kick.listen_again()
        wait_for(obs, Status.LIVE, 40)

        kick.keys = ["0123456789abcdef0123"]
        kick.close(4001)
        see(obs, Status.ERROR)
        assert text(obs, "detail").strip()

        obs.hotkey("vmsc_hotkey_disconnect")
        see(obs, Status.DISCONNECTED)
        ended_well(obs)


def test_the_count_on_the_card_is_what_was_played(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        kick.chat("speedy", 57)
        wait_events(obs, 57)
        for _ in range(3):
            kick.subscribe("speedy")  # five frames each
        kick.gift("speedy", 5, chunks=2)  # one gift, reported by nine frames or more
        kick.follow("speedy", n=2)
        kick.raid("speedy")
        kick.go_live("speedy")
        wait_events(obs, 57 + 3 + 1 + 2)
        kick.flood("speedy", 1200, rate=600)
        wait_events(obs, 63 + 1200, 20)
        kick.drop()
        wait_for(obs, Status.LIVE, 30)
        wait_events(obs, 0)  # from zero with each connection
        kick.chat("speedy", 4)
        wait_events(obs, 4)
        ended_well(obs)


def test_centrifugo_looks_the_same(kick: KickSimulator) -> None:
    kick.centrifugo_only = True
    asks = {"websocket_address": "", "negotiation_address": kick.negotiation_url, "token_address": kick.token_url}
    with ObsSandbox(SCRIPT, settings(kick, allowed_hosts=kick.host, **asks), background=BEHIND) as obs:
        see(obs, Status.CONNECTED)
        assert [connection.provider for connection in kick.connections] == ["centrifugo"]
        kick.chat("speedy", 5)
        kick.subscribe("speedy")
        wait_events(obs, 6)
        kick.go_live("speedy")
        wait_for(obs, Status.LIVE)
        kick.drop()
        wait_for(obs, Status.RECONNECTING)
        wait_for(obs, Status.LIVE, 30)
        ended_well(obs)
