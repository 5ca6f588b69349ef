"""The background thread: resolve → next server → one connection → what the failure calls for → again, until stopped.

Rules a maintainer must keep:
1. The only way out is `inbox.put`; the only way in is `stop`. No OBS, no card, no sentence here.
2. Every waiting ends at once when `stop` is called: OBS gives a script 2 s to end.
3. Connected is reported when every required subscription was acknowledged, never before.
4. A bug in one event is logged once and costs that event; a bug anywhere else ends in the Error state, not in silence.
5. Nothing is decided here: which server (kick/servers.py), how long to wait (backoff.py), what a message means (interpret.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vmsc_core.events import ChannelFound, LinkChanged, Notice, Signal
from vmsc_core.kick import negotiation
from vmsc_core.kick.centrifugo import CentrifugoSession
from vmsc_core.kick.channel import Channel, Match, Topic, resolve, slug_or_nothing, subscriptions
from vmsc_core.kick.interpret import Interpreter
from vmsc_core.kick.negotiation import Server
from vmsc_core.kick.pusher import PusherSession
from vmsc_core.kick.servers import Offer, Servers
from vmsc_core.kick.session import Message, Output, Ready, Session, TokenNeeded
from vmsc_core.link.backoff import STEADY, Backoff
from vmsc_core.link.complaints import Complaints
from vmsc_core.link.cooldowns import Cooldowns
from vmsc_core.link.errors import CannotConnect, Stopped, reason_of
from vmsc_core.link.feed import Feed
from vmsc_core.link.gap import Gap, clock
from vmsc_core.link.gateway import Gateway
from vmsc_core.link.inbox import Inbox
from vmsc_core.link.polls import Found, Polls
from vmsc_core.link.ports import Ports
from vmsc_core.link.transport import Transport
from vmsc_core.link.worker import Worker
from vmsc_core.reasons import Failure, Reason, Remedy, because
from vmsc_core.settings import CENTRIFUGO, Wish

CONNECT_TIMEOUT = 10.0
"""Seconds for socket and WebSocket handshake together."""

REFUSED_PAUSE = 300.0
"""Seconds after which a refusal that only Kick can lift is looked at again."""


class Link(Worker):
    """One wish, kept: `start`, then events arrive in the inbox until `stop`; `join` to see it end. Used once."""

    def __init__(self, wish: Wish, inbox: Inbox, cooldowns: Cooldowns, ports: Ports | None = None) -> None:
        ports = ports or Ports()
        super().__init__("vmsc-link", ports.wait)
        self._wish = wish
        self._inbox = inbox
        self._ports = ports
        self._now = ports.monotonic
        self._transport: Transport | None = None
        self._servers = Servers(wish)
        self._backoff = Backoff()
        self._interpreter = Interpreter()
        self._slug = slug_or_nothing(wish.username)
        self._complaints = Complaints(inbox.put)
        http = ports.http(self._stop, wish.proxy)
        self._polls = Polls(self._slug, wish, http, cooldowns, self._complaints, ports)
        self._gateway = Gateway(wish, http, cooldowns, self._complaints, ports)
        self._channel: Channel | None = None
        self._attempt = 0
        self._gap = Gap()

    def run(self) -> None:
        """All that the thread does. A scripted world calls it in a thread of its own choosing."""
        try:
            while not self._keep_connected():
                self._wait(REFUSED_PAUSE)
            self.is_done = True
        except Stopped:
            pass
        finally:
            self._close()
            self._polls.join(1.0)
            self._gateway.join(1.0)

    def _keep_connected(self) -> bool:
        """Attempts until only the user can help: True. False when a bug ended that."""
        try:
            while True:
                self._attempt += 1
                self._inbox.put(LinkChanged(Signal.TRYING, None, self._now(), self._attempt))
                failure = self._try()
                if self._stop.is_set():
                    raise Stopped
                if failure.remedy is Remedy.USER:
                    self._refused(failure.reason)
                    return True
                self._pause(failure)
        except Stopped:
            raise
        except Exception as error:  # never runs unless there is a bug
            self._complaints.bug("the link failed; it starts over in some minutes")
            self._refused(reason_of(error))
            return False

    def _try(self) -> Failure:
        """One attempt, from the IDs to the end of the connection."""
        try:
            return self._resolve() or self._connect_somewhere()
        except CannotConnect as error:
            return error.failure
        except ImportError:
            return Failure(Remedy.USER, because("websocket_missing"))

    def _pause(self, failure: Failure) -> None:
        if failure.remedy is Remedy.REFUSED:
            self._refused(failure.reason)
            self._wait(failure.wait or REFUSED_PAUSE)
            return
        delay = self._backoff.after(failure)
        now = self._now()
        self._inbox.put(LinkChanged(Signal.BROKE, failure.reason, now, self._attempt, now + delay))
        self._wait(delay)

    def _resolve(self) -> Failure | None:
        """Makes sure that the channel's IDs are known."""
        if self._channel is not None:
            other = self._polls.doubted(self._channel)
            if other is not None:
                self._inbox.put(self._known(other))
                self._start_over(other, self._now())
            return None
        found = resolve(self._wish)
        if isinstance(found, str):
            found = self._polls.at_start()
            if isinstance(found, Channel):
                self._inbox.put_all([self._known(found), *self._interpreter.found(found, self._now())])
        elif isinstance(found, Channel):
            self._inbox.put(self._known(found))
        return found if isinstance(found, Failure) else None

    def _known(self, found: Channel) -> ChannelFound:
        self._channel = channel = replace(found, slug=self._slug or found.slug, name=found.name or self._slug)
        return ChannelFound(channel.slug, channel.name, channel.channel_id, channel.chatroom_id)

    def _connect_somewhere(self) -> Failure:
        """One server after the other, as kick/servers.py says, to the end of the attempt."""
        channel = self._channel
        assert channel is not None  # _resolve came first
        self._servers.begin(self._attempt, channel.channel_id)
        while True:
            step = self._servers.next()
            if isinstance(step, Failure):
                return step
            if isinstance(step, Offer):
                answer = self._gateway.negotiate(step, channel.channel_id)
                self._servers.heard(answer, self._gateway.wait)
                continue
            failure, was_ready = self._connect(step, subscriptions(channel.chatroom_id, channel.channel_id))
            if not was_ready:
                self._polls.tried(failure)
            if step.provider == CENTRIFUGO and failure.remedy is Remedy.REFUSED:
                self._gateway.forget_client_id()
            end = self._servers.ended(step, failure, was_ready)
            if end is not None:
                return end

    # -- one connection ---------------------------------------------------------------------------------------------

    def _connect(self, server: Server, topics: Iterable[Topic]) -> tuple[Failure, bool]:
        """One connection from socket to end: how it ended, and whether it was good before that."""
        session: Session
        if server.provider == CENTRIFUGO:
            token = self._gateway.token()
            if isinstance(token, Failure):
                return token, False
            session = CentrifugoSession(topics, token)
        else:
            session = PusherSession(topics)
        try:
            self._transport = self._ports.transport(self._stop, self._wish.proxy)
            self._transport.open(server.url, self._now() + CONNECT_TIMEOUT, negotiation.ORIGIN)
        except CannotConnect as error:
            return error.failure, False
        feed = Feed(session, self._transport, self._ports, self._stop)
        try:
            failure = self._listen(feed, server, session)
        finally:
            self._close()
            self._inbox.put_all(self._interpreter.flush())
        if feed.ready_at is None:
            return failure, False
        self._gap.began(feed.lost_at or self._ports.wall(), self._now())
        lasted = self._now() - feed.ready_at
        self._backoff.lasted(lasted)
        if lasted >= STEADY:
            self._servers.steady()  # what was refused earlier is forgotten
        return failure, True

    def _listen(self, feed: Feed, server: Server, session: Session) -> Failure:
        """What comes over an open connection, until it ends or until it is given up for another channel."""
        for now, outputs in feed:
            for output in outputs:
                self._take(output, server, now)
            self._inbox.settle()
            if now >= self._interpreter.deadline:
                self._inbox.put_all(self._interpreter.poll(now))
            feed.wake_at = self._interpreter.deadline
            failure = self._beside(session, now) if feed.ready_at is not None else None
            if failure is not None:
                return failure
        assert feed.failure is not None  # it ends with one
        return feed.failure

    def _take(self, output: Output, server: Server, now: float) -> None:
        if isinstance(output, Message):
            try:
                self._inbox.put_all(self._interpreter.interpret(output, now))
            except Exception:  # never runs unless there is a bug
                self._complaints.bug("a message from Kick could not be read; it is left out")
        elif isinstance(output, Ready):
            self._connected(server, now)
        elif isinstance(output, TokenNeeded):
            self._gateway.fetch_token()

    def _connected(self, server: Server, now: float) -> None:
        wall = self._ports.wall()
        self._attempt = 0
        self._backoff.reset()
        self._gateway.good()
        assert self._transport is not None  # there is a connection
        way = self._transport.way
        self._inbox.put(LinkChanged(Signal.READY, way.title(server.title), now, 0))
        self._complaints.now("proxy", way.notice)
        self._complaints.now("tls", way.remark)
        if self._servers.ready(server):
            self._inbox.put(Notice(because("server_moved", at=clock(wall)[:5]), on_card=True))
        self._inbox.put_all(self._gap.ended(wall, now))
        self._polls.connected(now)

    def _beside(self, session: Session, now: float) -> Failure | None:
        """Takes what was fetched beside the connection. A Failure when this connection is for another channel now."""
        token = self._gateway.fetched()
        if token is not None:
            session.renew(token, now)
        assert self._channel is not None  # there is a connection
        found = self._polls.take(self._channel, now)
        return None if found is None else self._polled(found, now)

    def _polled(self, found: Found, now: float) -> Failure | None:
        if found.match is not Match.SAME:
            self._inbox.put(self._known(found.channel))
        if found.match is not Match.MOVED:
            self._inbox.put_all(self._gap.news(self._interpreter.found(found.channel, now)))
            if self._interpreter.is_doubted:
                self._polls.again(now)
            return None
        self._start_over(found.channel, now)  # what the user typed counts
        return Failure(Remedy.AT_ONCE, because("name_moved", name=self._slug))

    def _start_over(self, channel: Channel, now: float) -> None:
        """The totals and the stream that the interpreter knows are somebody else's."""
        self._inbox.put_all(self._interpreter.flush())
        self._interpreter = Interpreter()
        self._inbox.put_all(self._interpreter.found(channel, now))

    def _refused(self, reason: Reason) -> None:
        self._inbox.put(LinkChanged(Signal.REFUSED, reason, self._now(), self._attempt))

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
