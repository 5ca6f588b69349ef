"""The background thread: resolve → negotiate → connect → feed → wait → again, until stopped. Knows no OBS and no card.

Rules a maintainer must keep:
1. The only way out is `inbox.put`; the only way in is `stop`.
2. Every waiting ends at once when `stop` is called: OBS gives a script 2 s to end.
3. Connected is said when every required subscription was acknowledged, never before.
4. A bug in one event is logged once and costs that event; a bug anywhere else ends in the Error state, not in silence.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Callable, TypeVar

from vmsc_core.events import ChannelFound, Event, Follow, LinkChanged, Notice, Signal
from vmsc_core.kick import negotiation
from vmsc_core.kick.centrifugo import CentrifugoSession
from vmsc_core.kick.channel import (
    BadName,
    Channel,
    LookupTrouble,
    Wanted,
    slug_candidates,
    slug_of,
    subscriptions,
)
from vmsc_core.kick.interpret import Interpreter
from vmsc_core.kick.negotiation import Server
from vmsc_core.kick.pusher import PusherSession
from vmsc_core.kick.session import Message, Session, Verdict
from vmsc_core.link.background import background
from vmsc_core.link.backoff import Backoff
from vmsc_core.link.feed import Feed
from vmsc_core.link.http import Http, HttpClient
from vmsc_core.link.inbox import Inbox
from vmsc_core.link.lookup import Errand, Patience, look_up, read_trouble_of
from vmsc_core.link.stream import CannotConnect, Stopped
from vmsc_core.link.transport import Transport, WebSocketTransport
from vmsc_core.settings import CENTRIFUGO, LOOKUP_ADDRESS, NEGOTIATION_ADDRESS, TOKEN_ADDRESS, Settings

log = logging.getLogger("vmsc.link")

T = TypeVar("T")

CONNECT_LIMIT = 10.0
"""Seconds for socket and WebSocket handshake together."""

NEGOTIATION_LIMIT = 5.0
"""Seconds: negotiation is a courtesy, the built-in key works without it."""

POLL_EVERY = 60.0
POLLS = "polls"
POLL_REST = 900.0
"""Seconds without polling after a look-up that was refused."""

STEADY = 60.0
"""Seconds a connection has to last before an "at once" of the server is followed again."""

OTHER_WAYS_FROM = 3
"""The try from which on every other way is tried too when a server cannot be reached."""

REFUSED_PATIENCE = 300.0
"""Seconds after which a refusal that only Kick can mend is looked at again."""

TURNED_AWAY = "Kick's server turned us away. Asking Kick which server to use now."
NO_SERVER_TOLD = "Kick did not say which server to use. It tries again by itself."
NO_PERMISSION = "Kick gave no permission to connect ({}). It tries again by itself."
NO_CHANNEL_ID = "Kick must be asked which server to use. Type the channel id too, under Advanced, then press Connect."
NOT_THAT_KIND = "Kick offers no server of the kind chosen under Advanced. Choose Automatic there, then press Connect."
NO_WEBSOCKET = "websocket-client is missing. Open Tools > Scripts: the script's page names the command that installs it."


@dataclass(frozen=True)
class _End:
    """How a try ended."""

    verdict: Verdict
    reason: str
    patience: float = 0.0  # seconds to wait at least
    final: bool = False  # only the user can mend it
    was_ready: bool = False
    next_way: bool = False  # passing, but another server may do


@dataclass
class Ports:
    """The world as the link sees it. Tests put in their own."""

    http: Callable[[threading.Event], Http] = HttpClient
    transport: Callable[[threading.Event], Transport] = WebSocketTransport
    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    wait: Callable[[threading.Event, float], bool] = threading.Event.wait
    """At most so many seconds for the flag; whether it is set."""


class Link:
    """One wish, kept: `start`, then events arrive in the inbox until `stop`; `join` to see it end. Used once."""

    def __init__(self, settings: Settings, inbox: Inbox, patience: Patience, ports: Ports | None = None) -> None:
        self._settings = settings
        self._inbox = inbox
        self._patience = patience
        self._ports = ports or Ports()
        self._stop = threading.Event()
        self._thread = background(self._run, "vmsc-link")
        self._transport: Transport | None = None
        self._http = self._ports.http(self._stop)
        self._client_id = str(uuid.uuid4())
        self._interpreter = Interpreter()
        self._backoff = Backoff()
        self._attempt = 0
        self._slug = ""
        self._channel: Channel | None = None
        self._at_once_left = True
        self._negotiated: tuple[Server, ...] = ()
        self._server: Server | None = None  # the one we are connected to, or were last
        self._other_kind = False  # Kick named only servers of a kind that the user has ruled out
        self._unheard = False  # Kick was asked in this try which server to use, and did not answer
        self._worked: deque[str] = deque(maxlen=20)  # addresses of servers that we were connected to
        self._turned_away_by: deque[str] = deque(maxlen=20)  # addresses of those that refused us after they had taken us
        self._healed_from = ""
        self._lost_at: float | None = None  # wall clock
        self._was_away = False  # until the next total tells what that hid
        self._poll: Errand[Channel | LookupTrouble] | None = None
        self._poll_at = 0.0
        self._name_lost_until = float("-inf")  # the polls rest: Kick no longer knows the name
        self._token: Errand[str] | None = None
        self._asked_at = float("-inf")  # the last look-up, whatever it gave
        self._complaints: dict[str, str] = {}  # what about → what was said

    # -- from other threads ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Asks for the end. Any thread, any number of times; waits for nobody."""
        self._stop.set()

    def join(self, seconds: float) -> bool:
        """Waits at most `seconds` for the end; whether it came."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    # -- the thread -----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while self._failed():
                self._wait(REFUSED_PATIENCE)
        except Stopped:
            pass
        finally:
            self._close()
            for errand in (self._poll, self._token):
                if errand is not None:
                    errand.join(1.0)

    def _failed(self) -> bool:
        """Keeps trying; whether a bug ended that."""
        try:
            self._keep_trying()
            return False
        except Stopped:
            raise
        except Exception as error:  # never runs unless there is a bug
            if "bug in the link" not in self._complaints:
                self._complaints["bug in the link"] = "told"
                log.exception("the link failed; it begins anew in some minutes")
            reason = f"The script has a bug ({type(error).__name__}). Press Connect again; please report it."
            self._put(LinkChanged(Signal.REFUSED, reason, self._now(), self._attempt))
            return True

    def _keep_trying(self) -> None:
        while not self._stop.is_set():
            self._attempt += 1
            self._put(LinkChanged(Signal.TRYING, "", self._now(), self._attempt))
            end = self._try()
            if self._stop.is_set():
                return
            if end.final:
                self._put(LinkChanged(Signal.REFUSED, end.reason, self._now(), self._attempt))
                return
            if end.verdict is Verdict.REFUSED:
                self._put(LinkChanged(Signal.REFUSED, end.reason, self._now(), self._attempt))
                self._wait(end.patience or REFUSED_PATIENCE)
                continue
            delay = max(self._delay(end), end.patience)
            now = self._now()
            self._put(LinkChanged(Signal.BROKE, end.reason, now, self._attempt, now + delay))
            self._wait(delay)

    def _delay(self, end: _End) -> float:
        if end.verdict is Verdict.AT_ONCE and self._at_once_left:
            self._at_once_left = False
            return 0.0
        return self._backoff.next()

    def _try(self) -> _End:
        """One try from the ids to the end of the connection."""
        try:
            trouble = self._resolve()
            return trouble if trouble is not None else self._connect_somewhere()
        except CannotConnect as error:
            return _End(Verdict.BACKOFF, error.sentence, final=not error.passing)
        except ImportError:
            return _End(Verdict.REFUSED, NO_WEBSOCKET, final=True)

    # -- which channel ----------------------------------------------------------------------------------------------

    def _resolve(self) -> _End | None:
        """Makes sure that the ids are known; gives the end of the try when they cannot be had."""
        if self._settings.problem:
            return _End(Verdict.REFUSED, self._settings.problem, final=True)
        if self._channel is not None:
            return None
        settings = self._settings
        slug = slug_of(settings.username)
        if settings.chatroom_id is not None and (not settings.username or isinstance(slug, str)):
            name = slug if isinstance(slug, str) else f"chatroom {settings.chatroom_id}"
            self._slug = slug if isinstance(slug, str) else ""
            self._know(Channel(self._slug, settings.chatroom_id, settings.channel_id, name))
            return None
        if isinstance(slug, BadName):
            return _End(Verdict.REFUSED, slug.sentence, final=True)
        self._slug = slug
        for spelling in slug_candidates(slug):
            known = settings.known.get(spelling)
            if known is not None and (spelling == slug or known.name.lower() == slug):
                self._know(Channel(slug, known.chatroom_id, known.channel_id, known.name or slug))
                return None
        found = self._look_up()
        if isinstance(found, LookupTrouble):
            is_final = not found.passing and found.kind == "unknown"
            verdict = Verdict.BACKOFF if found.passing else Verdict.REFUSED
            return _End(verdict, found.sentence, found.patience, final=is_final)
        self._asked_at = self._now()
        self._know(found)
        self._put_all(self._interpreter.found(found, self._now()))
        return None

    def _look_up(self) -> Channel | LookupTrouble:
        return look_up(self._slug, self._settings.lookup_address or LOOKUP_ADDRESS, self._http, self._patience)

    def _know(self, channel: Channel) -> None:
        self._channel = channel
        name = channel.name or self._slug
        self._put(ChannelFound(self._slug or channel.slug, name, channel.channel_id, channel.chatroom_id))

    # -- which server -----------------------------------------------------------------------------------------------

    def _connect_somewhere(self) -> _End:
        """Tries the ways one after the other; a refusal leads to the next way, everything else ends the try."""
        failures: list[_End] = []
        self._unheard = self._other_kind = False
        for server in self._ways():
            end = self._connect(server)
            is_refusal = end.verdict is Verdict.REFUSED
            if is_refusal and server.url in self._worked:
                self._healed_from = server.url
            if end.was_ready:
                # The card said Connected: it has to say that this is over before anything else is tried.
                return self._turned_away(end, server) if is_refusal else end
            if not is_refusal and not end.next_way:
                if end.final or self._attempt < OTHER_WAYS_FROM:
                    self._negotiated = ()  # the next try asks again which server to use
                    return end
                end = replace(end, next_way=True)  # perhaps only this server is out of reach
            failures.append(end)
        return self._why_none(failures)

    def _turned_away(self, end: _End, server: Server) -> _End:
        """A refusal by a server that had taken us: once Kick may have moved, the second time there is no other way."""
        self._negotiated = ()
        if not self._negotiates or server.url in self._turned_away_by:
            return end
        self._turned_away_by.append(server.url)
        return replace(end, verdict=Verdict.BACKOFF, reason=TURNED_AWAY)

    def _why_none(self, failures: list[_End]) -> _End:
        """Every way was tried in vain. An Error only when asking Kick again cannot give another one."""
        passing = [end for end in failures if end.next_way]
        if passing:
            return min(passing, key=lambda end: end.patience)
        if self._negotiates and self._channel is not None and self._channel.channel_id is None:
            return _End(Verdict.REFUSED, NO_CHANNEL_ID)
        if self._unheard:
            return _End(Verdict.BACKOFF, NO_SERVER_TOLD, self._patience.left(NEGOTIATION_ADDRESS))
        if failures:
            return failures[0]
        return _End(Verdict.REFUSED, NOT_THAT_KIND) if self._other_kind else _End(Verdict.BACKOFF, NO_SERVER_TOLD)

    @property
    def _negotiates(self) -> bool:
        return negotiation.negotiates(self._settings)

    def _ways(self) -> Iterator[Server]:
        """The servers to try, best first. Asks Kick only when the ways before have been refused or none is known."""
        settings = self._settings
        tried: set[str] = set()
        offered = negotiation.offered(settings)
        if self._attempt >= 3 and self._attempt % 2:
            offered = offered[::-1]  # the preferred kind of server may be out of reach from this network

        turned_away: list[Server] = []

        def fresh(servers: tuple[Server, ...]) -> Iterator[Server]:
            for server in servers:
                if server.url not in tried:
                    tried.add(server.url)
                    if server.url in self._turned_away_by:
                        turned_away.append(server)
                    else:
                        yield server

        yield from fresh(negotiation.given(settings))
        if self._negotiates:
            # First what Kick named before. When that is refused Kick has moved: ask anew, for all kinds, then for each alone.
            offers = [offered, *((one,) for one in reversed(offered))] if len(offered) > 1 else [offered]
            known, self._negotiated = self._negotiated, ()
            for answer in chain([known], map(self._negotiate, offers)):
                if answer is None:  # another offer would not be heard either, and each may take NEGOTIATION_LIMIT
                    break
                for server in fresh(answer):
                    self._negotiated = (server,)
                    yield server
                    self._negotiated = ()
            yield from fresh(negotiation.built_in(settings))
            yield from turned_away  # it may take us again, but so it did when it refused us afterwards

    def _negotiate(self, offer: tuple[str, ...]) -> tuple[Server, ...] | None:
        """What Kick names, None when nobody answered. Never the reason for an Error."""
        channel_id = self._channel.channel_id if self._channel is not None else None
        if channel_id is None:
            return None  # the address needs the channel id; the built-in key does not
        address = self._settings.negotiation_address or NEGOTIATION_ADDRESS
        url = address.replace("{channel_id}", str(channel_id))
        if self._patience.left(NEGOTIATION_ADDRESS):
            self._unheard = True
            return None
        try:
            answer = self._http.request("POST", url, negotiation.request(self._client_id, offer), NEGOTIATION_LIMIT)
        except CannotConnect as error:
            self._complain("negotiation", "The negotiation with Kick failed, going on without it: " + error.sentence)
            self._unheard = True
            return None
        self._patience.rest(NEGOTIATION_ADDRESS, negotiation.patience(answer.status, answer.retry_after))
        found = negotiation.read_answer(answer.status, answer.body, self._settings)
        if found.servers:
            self._complaints.pop("negotiation", None)
        if found.refused:
            self._complain("negotiation", " ".join(found.refused))
        self._other_kind = found.other_kind
        if found.passing:
            self._unheard = True
            return None
        return found.servers

    # -- one connection ---------------------------------------------------------------------------------------------

    def _connect(self, server: Server) -> _End:
        """One connection from socket to end."""
        assert self._channel is not None
        wanted = subscriptions(self._channel.chatroom_id, self._channel.channel_id)
        try:
            session = self._session(server, wanted)
        except CannotConnect as error:
            return _End(Verdict.BACKOFF, error.sentence, self._patience.left(TOKEN_ADDRESS), next_way=True)
        try:
            transport = self._ports.transport(self._stop)
            self._transport = transport
            transport.open(server.url, self._now() + CONNECT_LIMIT, negotiation.ORIGIN)
        except CannotConnect as error:
            return _End(Verdict.BACKOFF, error.sentence, final=not error.passing)
        self._server = server
        feed = Feed(self, session, transport)
        try:
            broken = feed.run()
        finally:
            self._close()
            self._put_all(self._interpreter.flush())
        if feed.ready_at is not None:
            self._lost_at = self._lost_at or feed.lost_at or self._ports.wall()
            if self._now() - feed.ready_at >= STEADY:
                self._at_once_left = True
                self._turned_away_by.clear()
        return _End(broken.verdict, broken.reason, was_ready=feed.ready_at is not None)

    def _session(self, server: Server, wanted: tuple[Wanted, ...]) -> Session:
        if server.provider == CENTRIFUGO:
            return CentrifugoSession(wanted, self._fetch_token())
        return PusherSession(wanted)

    def _fetch_token(self) -> str:
        address = self._settings.token_address or TOKEN_ADDRESS
        if self._patience.left(TOKEN_ADDRESS):
            raise CannotConnect(self._patience.why(TOKEN_ADDRESS))
        answer = self._http.request("POST", address, negotiation.token_request(self._client_id))
        token = negotiation.read_token(answer.status, answer.body)
        if not token:
            sentence = NO_PERMISSION.format(answer.status)
            self._patience.rest(TOKEN_ADDRESS, negotiation.patience(answer.status, answer.retry_after), sentence)
            raise CannotConnect(sentence)
        return token

    def connected(self) -> None:
        """Every required subscription was acknowledged."""
        server = self._server
        assert server is not None  # a feed has one
        now, wall = self._now(), self._ports.wall()
        self._attempt = 0
        self._backoff.reset()
        self._put(LinkChanged(Signal.READY, server.title, now, 0))
        if self._healed_from and self._healed_from != server.url:
            at = time.strftime("%H:%M", time.localtime(wall))
            self._put(Notice(f"Kick changed its server at {at}; reconnected.", on_card=True))
        self._healed_from = ""
        if server.url not in self._worked:
            self._worked.append(server.url)
        if self._lost_at is not None:
            left, back = (time.strftime("%H:%M:%S", time.localtime(at)) for at in (self._lost_at, wall))
            self._put(Notice(f"Away {left}\u2013{back}: what happened in between was not seen."))
            self._lost_at = None
            self._was_away = True
        fresh = now - self._asked_at < POLL_EVERY / 2
        first = now + (POLL_EVERY if self._settings.poll else float("inf")) if fresh else now
        self._poll_at = max(now + self._patience.left(POLLS), self._name_lost_until, first)

    def errands(self, now: float, session: Session) -> None:
        """Starts and collects what runs beside the feed: the polled look-up, a new token."""
        if self._poll is not None and self._poll.done:
            self._polled(self._poll, now)
            self._poll = None
        if self._poll is None and now >= self._poll_at:
            self._poll_at = now + POLL_EVERY if self._settings.poll else float("inf")
            if self._slug:
                self._asked_at = now
                self._poll = Errand(self._look_up, "vmsc-poll")
        if self._token is not None and self._token.done:
            errand, self._token = self._token, None
            token = self._result(errand)
            session.renew(token or "", now)

    def _result(self, errand: Errand[T]) -> T | None:
        """What an errand brought, None when it failed: also a bug there must not end a good connection."""
        try:
            return errand.take()
        except (CannotConnect, Stopped):
            return None
        except Exception:  # never runs unless there is a bug
            if "errand" not in self._complaints:
                self._complaints["errand"] = "an errand failed"
                log.exception("a request beside the connection failed; it goes on")
            return None

    def want_token(self) -> None:
        """The session's permission runs out."""
        if self._token is None:
            self._token = Errand(self._fetch_token, "vmsc-token")

    def _polled(self, errand: Errand[Channel | LookupTrouble], now: float) -> None:
        found = self._result(errand)
        if found is None:
            return  # the connection itself is fine: the next poll will tell
        known = self._channel
        if isinstance(found, Channel) and self._slug not in (found.slug, found.name.lower()):
            # Only another spelling of the name is known, and that is somebody else's; the ids we have go on.
            found = read_trouble_of(self._slug) if known is None or found.chatroom_id != known.chatroom_id else found
        if isinstance(found, LookupTrouble):
            self._poll_failed(found, now)
            return
        if known is None:
            return
        self._complaints.pop("look-up", None)
        if found.chatroom_id == known.chatroom_id:
            if (found.channel_id, found.name) != (known.channel_id, known.name):
                self._know(found)
            self._put_all(self._checked(found, now))
        elif self._settings.chatroom_id is not None:
            self._complain(
                "ids", f"The ids under Advanced are not those of {self._slug}: its chatroom id is {found.chatroom_id}."
            )
        else:
            # The name belongs to somebody else now. What the user typed counts: the next connection uses the new ids.
            self._complain("ids", f"The name {self._slug} belongs to another channel now; reconnecting to it.")
            self._know(found)
            self._put_all(self._interpreter.flush())
            self._interpreter = Interpreter()  # the totals and the stream it knows are somebody else's
            self._put_all(self._interpreter.found(found, now))
            self._close()  # the feed then finds it closed

    def _poll_failed(self, trouble: LookupTrouble, now: float) -> None:
        if trouble.kind in ("blocked", "country"):
            told = "Kick blocks the look-up: followers and a lost stream start cannot be checked for a while."
            self._complain("look-up", told)
            self._patience.rest(POLLS, POLL_REST)
        elif trouble.kind == "unknown":
            told = f"Kick no longer knows the name {self._slug}; the connection goes on by the ids it had."
            self._complain("look-up", told)
            self._name_lost_until = now + POLL_REST
        self._poll_at = max(self._poll_at, now + self._patience.left(POLLS), self._name_lost_until)

    def _checked(self, found: Channel, now: float) -> list[Event]:
        """What a polled look-up adds to what is known; after a gap also how many followers came in it."""
        news = self._interpreter.found(found, now)
        hidden = sum(event.count for event in news if isinstance(event, Follow))
        if self._was_away and hidden:
            news.append(Notice(f"{hidden} new follower{'' if hidden == 1 else 's'} while away."))
        self._was_away = False
        return news

    # -- small things -----------------------------------------------------------------------------------------------

    def interpret(self, message: Message, now: float) -> None:
        """Message → events → inbox. A bug costs this one message."""
        try:
            self._put_all(self._interpreter.interpret(message, now))
        except Exception:  # never runs unless there is a bug
            if "bug" not in self._complaints:
                self._complaints["bug"] = "a message could not be read"
                log.exception("a message of Kick's could not be read; it is left out")

    def gathered(self, now: float) -> None:
        """Hands on what the interpreter has waited for long enough."""
        self._inbox.settle()
        if now >= self._interpreter.deadline:
            self._put_all(self._interpreter.poll(now))

    @property
    def interpreter_deadline(self) -> float:
        """Monotonic seconds at which `gathered` has something to do."""
        return self._interpreter.deadline

    @property
    def clocks(self) -> tuple[float, float]:
        """Monotonic and wall clock, in seconds."""
        return self._ports.monotonic(), self._ports.wall()

    def nap(self, seconds: float) -> None:
        """Lets the other threads of OBS run."""
        if self._ports.wait(self._stop, seconds):
            raise Stopped

    def _now(self) -> float:
        return self._ports.monotonic()

    def _wait(self, seconds: float) -> None:
        if self._ports.wait(self._stop, seconds):
            raise Stopped

    def _close(self) -> None:
        transport = self._transport
        if transport is not None:
            transport.close()

    def _put(self, event: Event) -> None:
        self._inbox.put(event)

    def _put_all(self, found: list[Event]) -> None:
        for event in found:
            self._inbox.put(event)

    def _complain(self, about: str, sentence: str) -> None:
        """Says what is wrong once, until it is well again or something else is wrong."""
        if self._complaints.get(about) != sentence:
            self._complaints[about] = sentence
            self._put(Notice(sentence))
