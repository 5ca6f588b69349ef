"""How the network says no."""

from __future__ import annotations

from vmsc_core.link.errors import CannotConnect, ConnectionLost, Stopped, for_the_user, passing, reason_of
from vmsc_core.reasons import Failure, Remedy, because


def test_a_passing_trouble_is_tried_again_and_names_the_host() -> None:
    error = passing("handshake_refused", "example.com", status=503)
    assert error.failure == Failure(Remedy.BACKOFF, because("handshake_refused", host="example.com", status=503))


def test_a_trouble_of_this_computer_is_the_users() -> None:
    assert for_the_user("ssl_missing").failure == Failure(Remedy.USER, because("ssl_missing"))


def test_an_error_reads_as_its_reason_in_a_traceback() -> None:
    assert str(CannotConnect(Failure(Remedy.BACKOFF, because("host_silent", host="x")))) == "host_silent(host=x)"


def test_a_lost_connection_keeps_its_code_and_its_words() -> None:
    lost, silent = ConnectionLost(4001, "no such key"), ConnectionLost(None, "")
    assert (lost.code, lost.said, str(lost)) == (4001, "no such key", "no such key")
    assert (silent.code, silent.said) == (None, "")


def test_a_bug_is_named_by_its_kind_and_never_by_its_words() -> None:
    assert reason_of(KeyError("a viewer's name")) == because("bug", error="KeyError")


def test_none_of_them_is_mistaken_for_an_error_of_the_socket() -> None:
    assert not any(issubclass(error, OSError) for error in (Stopped, CannotConnect, ConnectionLost))
