"""The world as the link sees it, where it is the real one."""

from __future__ import annotations

import threading
import time
from dataclasses import FrozenInstanceError

import pytest

from vmsc_core.link.background import BackgroundCall
from vmsc_core.link.http import HttpClient
from vmsc_core.link.ports import Ports
from vmsc_core.link.transport import WebSocketTransport
from vmsc_core.settings import AUTOMATIC


def test_without_another_world_it_is_the_real_one() -> None:
    ports, stop = Ports(), threading.Event()
    assert isinstance(ports.http(stop, AUTOMATIC), HttpClient)
    assert isinstance(ports.transport(stop, AUTOMATIC), WebSocketTransport)
    assert ports.background is BackgroundCall


def test_the_clocks_are_this_computers() -> None:
    ports = Ports()
    assert abs(ports.monotonic() - time.monotonic()) < 5.0
    assert abs(ports.wall() - time.time()) < 5.0


def test_a_wait_ends_after_its_time_or_with_the_flag() -> None:
    ports, stop = Ports(), threading.Event()
    began = time.monotonic()
    assert ports.wait(stop, 0.02) is False
    assert 0.01 < time.monotonic() - began < 1.0
    stop.set()
    assert ports.wait(stop, 30.0) is True
    assert time.monotonic() - began < 5.0


def test_a_call_in_the_background_has_a_thread_of_its_own() -> None:
    assert Ports().background(lambda: threading.current_thread().name, "vmsc-test").take() == "vmsc-test"


def test_another_world_takes_the_place_of_one_port_or_of_all() -> None:
    ports = Ports(monotonic=lambda: 5.0)
    assert ports.monotonic() == 5.0 and ports.wall is time.time
    with pytest.raises(FrozenInstanceError):
        ports.monotonic = time.monotonic  # type: ignore[misc]
