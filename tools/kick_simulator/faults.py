"""What goes wrong in the simulator, by name. Does none of it: the HTTP side and the sockets look here."""

from __future__ import annotations

from typing import Any, Optional, Union

from .http_side import check_fault

HANDSHAKE_FAULTS = ("slow", "hang", "refuse", "reset", "close", "drop", "html", "noise", "redirect", "wrong_accept")
HELLO_FAULTS = ("none", "late", "wrong", "error")
SUBSCRIBE_FAULTS = ("none", "error", "late")
RESUBSCRIBE_FAULTS = ("succeed",)


class Faults:
    """What goes wrong. Each is None on a good day and keeps what it is set to; a misspelled one raises ValueError.

    lookup, negotiation, token: see http_side.FAULTS. handshake: one of HANDSHAKE_FAULTS or an HTTP status.
    hello: one of HELLO_FAULTS or seconds of delay. subscribe: one of SUBSCRIBE_FAULTS for all, or {Pusher channel: one of them}.
    resubscribe: "succeed" answers a second subscribe to a Pusher channel as soketi does; None complains, as Pusher does.
    retry_after: the text sent with 429, None for none. bandwidth: bytes per second for WebSocket connections made from now on.
    slices: bytes per TCP write for those. latency: seconds before each HTTP answer.
    """

    lookup: Any
    negotiation: Any
    token: Any
    handshake: Union[int, str, None]
    hello: Union[float, str, None]
    subscribe: Union[str, dict[str, str], None]
    resubscribe: Optional[str]
    retry_after: Optional[str]
    bandwidth: Optional[float]
    slices: Optional[int]
    latency: Optional[float]

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """A good day."""
        for name in type(self).__annotations__:
            setattr(self, name, None)
        self.retry_after = "30"

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in type(self).__annotations__:
            raise AttributeError(f"no such fault: {name}")
        if name in ("lookup", "negotiation", "token"):
            check_fault(value)
        known = {
            "handshake": HANDSHAKE_FAULTS,
            "hello": HELLO_FAULTS,
            "subscribe": SUBSCRIBE_FAULTS,
            "resubscribe": RESUBSCRIBE_FAULTS,
        }.get(name)
        if known is not None:
            for one in value.values() if isinstance(value, dict) else [value]:
                if isinstance(one, str) and one not in known:
                    raise ValueError(f"no such {name} fault: {one!r}; there are {', '.join(known)}")
        if name == "retry_after" and value is not None:
            value = str(value)
        object.__setattr__(self, name, value)

    def http(self, name: str) -> Any:
        """The fault for the next request of this kind; of a list, one is used up."""
        fault = getattr(self, name)
        if isinstance(fault, list):
            return fault.pop(0) if fault else None
        return fault
