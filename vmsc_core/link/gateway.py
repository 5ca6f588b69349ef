"""What web.kick.com is asked: which server to use, and an access token for it. Knows no order of servers and no session.

A token for a running connection is fetched in the background; its result, and the cooldown it asks for, are taken by the
link's own thread.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from vmsc_core.kick import negotiation
from vmsc_core.kick.negotiation import Named
from vmsc_core.kick.servers import Offer
from vmsc_core.link.background import Call
from vmsc_core.link.complaints import Complaints
from vmsc_core.link.cooldowns import Cooldowns
from vmsc_core.link.errors import CannotConnect, Stopped
from vmsc_core.link.http import Http
from vmsc_core.link.ports import Ports
from vmsc_core.reasons import Failure, Remedy, because
from vmsc_core.settings import NEGOTIATION_ADDRESS, TOKEN_ADDRESS, Wish

NEGOTIATION_TIMEOUT = 5.0
"""Seconds: negotiation is a courtesy, the built-in key works without it."""


SAME_ANSWERS = 3
NEGOTIATION_REST = 300.0
"""When Kick names the same servers so many times in a row, and none of them became good, it isn't asked again for so many
seconds: its last answer stands in.
"""


@dataclass
class _Last:
    """The last answer to one offer: what it named, when, and how many times in a row."""

    named: Named
    at: float
    times: int = 1


class Gateway:
    """The questions of one link. `wait` after a negotiation says how long not to ask again; `good` when a server is."""

    def __init__(self, wish: Wish, http: Http, cooldowns: Cooldowns, complaints: Complaints, ports: Ports) -> None:
        self._wish = wish
        self._http = http
        self._cooldowns = cooldowns
        self._complaints = complaints
        self._ports = ports
        self._client_id = ""  # made by the link's own thread: the system's random numbers let go of the GIL
        self._renewal: Call[str | Failure] | None = None
        self._last: dict[tuple[str, ...], _Last] = {}  # by what was offered

    @property
    def wait(self) -> float:
        """Seconds for which Kick is not to be asked again which server to use."""
        return self._cooldowns.left(NEGOTIATION_ADDRESS)

    @property
    def client_id(self) -> str:
        """What we call ourselves to Kick: random, and the same until `forget_client_id`."""
        self._client_id = self._client_id or str(uuid.uuid4())
        return self._client_id

    def forget_client_id(self) -> None:
        """A server has ended this client for good: the next question is another client's, as in Kick's own page."""
        self._client_id = ""

    def negotiate(self, offer: Offer, channel_id: int | None) -> Named | Failure:
        """What Kick names, or why it names nothing: never more than another server to be tried. Raises Stopped."""
        running = self._cooldowns.running(NEGOTIATION_ADDRESS)
        if running is not None:
            return running
        now, last = self._ports.monotonic(), self._last.get(offer.providers)
        if last is not None and last.times >= SAME_ANSWERS and now < last.at + NEGOTIATION_REST:
            return last.named
        url = (self._wish.negotiation_address or NEGOTIATION_ADDRESS).replace("{channel_id}", str(channel_id))
        body = negotiation.request(self.client_id, offer.providers)
        try:
            answer = self._http.request("POST", url, body, NEGOTIATION_TIMEOUT)
        except CannotConnect as error:
            self._complaints.make("negotiation", because("negotiation_failed", reason=error.failure.reason))
            return replace(error.failure, remedy=Remedy.BACKOFF)
        found = negotiation.read_answer(answer.status, answer.body, self._wish)
        if isinstance(found, Failure):
            cooldown = negotiation.cooldown(answer.status, answer.retry_after)
            self._cooldowns.start(NEGOTIATION_ADDRESS, cooldown, found)
        else:
            self._complaints.fine("negotiation")
            times = last.times + 1 if last is not None and last.named == found else 1
            self._last[offer.providers] = _Last(found, now, times)
        for reason in [found.reason] if isinstance(found, Failure) else found.refused[:1]:
            self._complaints.make("negotiation", reason)
        return found

    def good(self) -> None:
        """A connection is good: what was named before says nothing any more."""
        self._last.clear()

    def token(self) -> str | Failure:
        """A guest's access token, now; a Failure is ELSEWHERE: a server of the other kind needs none. Raises Stopped."""
        return self._cooldowns.running(TOKEN_ADDRESS) or self._received(self._request_token())

    def fetch_token(self) -> None:
        """A token is needed while a connection goes on: `fetched` gives it. Nothing during a cooldown: the session asks again."""
        if self._renewal is None and self._cooldowns.running(TOKEN_ADDRESS) is None:
            self._renewal = self._ports.background(self._request_token, "vmsc-token")

    def fetched(self) -> str | None:
        """The token asked for by `fetch_token`, once; empty when none could be had, None while there is nothing to give."""
        call = self._renewal
        if call is None or not call.done:
            return None
        self._renewal = None
        try:
            token = self._received(call.take())
        except (CannotConnect, Stopped):
            return ""
        except Exception:  # never runs unless there is a bug, and must not end a good connection
            self._complaints.bug("fetching a token beside the connection failed; it goes on")
            return ""
        return token if isinstance(token, str) else ""

    def join(self, seconds: float) -> None:
        """Waits at most `seconds` for a request that is running."""
        if self._renewal is not None:
            self._renewal.join(seconds)

    def _request_token(self) -> str | Failure:
        """Any thread."""
        address = self._wish.token_address or TOKEN_ADDRESS
        try:
            answer = self._http.request("POST", address, negotiation.token_request(self.client_id))
        except CannotConnect as error:
            return replace(error.failure, remedy=Remedy.ELSEWHERE)
        return negotiation.read_token(answer.status, answer.body, answer.retry_after)

    def _received(self, token: str | Failure) -> str | Failure:
        if isinstance(token, Failure):
            self._cooldowns.start(TOKEN_ADDRESS, token.wait, token)
        return token
