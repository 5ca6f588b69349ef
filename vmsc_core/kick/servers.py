"""Which server next: the plan of one attempt, and what is remembered from one to the next. Knows no network and no clock.

Rules a maintainer must keep:
1. Order of use: `begin`; then `next` until it gives a Failure, which ends the attempt. After a Server `ready` (perhaps) and
   `ended`; after an Offer `heard`. A Failure that `ended` gives ends the attempt as well.
2. `plan` is all that is still to be tried, best first. A server is tried once in an attempt.
3. Kick is asked only when the servers before have been refused or none is known, and never again in an attempt in which it
   did not answer: each question may take seconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Union

from vmsc_core.kick import negotiation
from vmsc_core.kick.negotiation import Named, Origin, Server
from vmsc_core.reasons import Failure, Remedy, because
from vmsc_core.settings import Wish

OTHERS_FROM = 3
"""The attempt from which on every other server is tried too when one can't be reached."""

KICK_ANSWERED = ("negotiation_status", "negotiation_unexpected", "answer_broken")
"""Why Kick named no server although it was reached. Any other reason is the network's or this computer's, and is told."""

REMEMBERED = 20
"""Addresses that are remembered of each kind."""


@dataclass(frozen=True)
class Offer:
    """A question to Kick: which server to use, when we speak with these providers (the preferred one first)."""

    providers: tuple[str, ...]


Step = Union[Server, Offer]


class Servers:
    """The servers of one link, across its attempts. See the rules above for the order of use."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._negotiates = negotiation.negotiates(wish)
        self._attempt = 0
        self._channel_id: int | None = None
        self._plan: deque[Step] = deque()
        self._put_last: list[Server] = []
        self._tried: set[str] = set()
        self._failures: list[Failure] = []
        self._unanswered: Failure | None = None  # Kick was asked in this attempt and did not answer
        self._ruled_out: Failure | None = None  # Kick has only servers of a kind that the wish rules out
        self._named: Server | None = None  # by Kick, and good the last time: first in the next attempt
        self._worked: deque[str] = deque(maxlen=REMEMBERED)
        self._refused_later: deque[str] = deque(maxlen=REMEMBERED)
        """Addresses of servers that accepted us and then refused us; they are the last ones to be tried again."""
        self._moved_from = ""  # a server that had worked refuses now

    @property
    def plan(self) -> list[Step]:
        """What is still to be tried in this attempt, in this order, as far as is known."""
        return [*self._plan, *self._put_last]

    def begin(self, attempt: int, channel_id: int | None) -> None:
        """A new attempt; `attempt` is its number since the last good connection. Kick can only be asked with a channel ID."""
        self._attempt, self._channel_id = attempt, channel_id
        self._unanswered = self._ruled_out = None
        self._failures, self._put_last, self._tried = [], [], set()
        self._plan = deque(negotiation.given(self._wish))
        if self._negotiates:
            if self._named is not None:
                self._plan.append(self._named)
            if channel_id is not None:
                self._plan.extend(Offer(providers) for providers in self._offers())
            self._plan.extend(negotiation.built_in(self._wish))

    def next(self) -> Server | Offer | Failure:
        """What to do now; a Failure when nothing is left."""
        while self._plan:
            step = self._plan.popleft()
            if isinstance(step, Offer):
                return step
            if step.url in self._tried:
                continue
            self._tried.add(step.url)
            if step.url not in self._refused_later:
                return step
            self._put_last.append(step)  # it may accept us again, but so it did before it refused us
        return self._put_last.pop(0) if self._put_last else self._why_none()

    def heard(self, answer: Named | Failure, wait: float = 0.0) -> None:
        """What came of an Offer; `wait` seconds are to pass before Kick may be asked again."""
        if isinstance(answer, Named):
            self._plan.extendleft(reversed(answer.servers))
        elif answer.remedy is Remedy.REFUSED:
            self._ruled_out = answer
        elif answer.remedy is not Remedy.ELSEWHERE:
            self._unanswered = replace(answer, wait=wait)
            self._plan = deque(step for step in self._plan if isinstance(step, Server))

    def ready(self, server: Server) -> bool:
        """Every subscription was acknowledged; whether that means that Kick has moved to this server."""
        moved = self._moved_from not in ("", server.url)
        self._moved_from = ""
        if server.url not in self._worked:
            self._worked.append(server.url)
        return moved

    def ended(self, server: Server, failure: Failure, was_ready: bool) -> Failure | None:
        """A connection, or the try to make one, ended. The Failure that ends the attempt; None: go on with `next`."""
        is_refusal = failure.remedy is Remedy.REFUSED
        if is_refusal and server.url in self._worked:
            self._moved_from = server.url
        if was_ready:
            # The card said Connected: it has to say that this is over before anything else is tried.
            return self._dropped(server, failure) if is_refusal else self._lost(server, failure)
        if server.origin is Origin.KICK:
            self._named = None
        if not is_refusal and failure.remedy is not Remedy.ELSEWHERE:
            if failure.remedy is Remedy.USER or self._attempt < OTHERS_FROM:
                self._named = None  # the next attempt asks again which server to use
                return failure
            failure = replace(failure, remedy=Remedy.ELSEWHERE)  # perhaps only this server is out of reach
        self._failures.append(failure)
        return None

    def steady(self) -> None:
        """A connection has lasted: what was refused long before it says nothing any more."""
        self._refused_later.clear()

    def _offers(self) -> Iterable[tuple[str, ...]]:
        """All kinds at once first; when what Kick names then is refused, each kind alone, the less preferred one first."""
        providers = negotiation.offered(self._wish)
        if self._attempt >= OTHERS_FROM and self._attempt % 2:
            providers = providers[::-1]  # the preferred kind of server may be out of reach from this network
        return [providers, *((one,) for one in reversed(providers))] if len(providers) > 1 else [providers]

    def _lost(self, server: Server, failure: Failure) -> Failure:
        """An ordinary end of a good connection: if Kick named that server, it is the first to go back to."""
        if server.origin is Origin.KICK:
            self._named = server
        return failure

    def _dropped(self, server: Server, failure: Failure) -> Failure:
        """A refusal by a server that had accepted us: the first time Kick may have moved, the second time it's an Error."""
        self._named = None
        if not self._negotiates or server.url in self._refused_later:
            return failure
        self._refused_later.append(server.url)
        return Failure(Remedy.BACKOFF, because("server_dropped_us"))

    def _why_none(self) -> Failure:
        """Every server was tried in vain. An Error only when asking Kick again can't give another one."""
        passing = [failure for failure in self._failures if failure.remedy is Remedy.ELSEWHERE]
        if passing:
            return min(passing, key=lambda failure: failure.wait)
        if self._negotiates and self._channel_id is None:
            return Failure(Remedy.REFUSED, because("channel_id_needed"))
        if self._unanswered is not None:
            answered = self._unanswered.reason.key in KICK_ANSWERED
            reason = because("no_server_named") if answered else self._unanswered.reason
            return Failure(Remedy.BACKOFF, reason, self._unanswered.wait)
        if self._failures:
            return self._failures[0]
        return self._ruled_out or Failure(Remedy.BACKOFF, because("no_server_named"))
