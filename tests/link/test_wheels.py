"""What the pins say, which file of the index is meant, and what of a wheel is unpacked."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
from pathlib import Path

import pytest
from link.index import VERSIONS, Index, wheel

from vmsc_core.link.wheels import MOST_BYTES, MOST_FILES, BadWheel, Pin, read_pins, unpack, wheel_address

ROOT = Path(__file__).resolve().parents[2]
HASH = "ab" * 32


def pin_of(data: bytes, name: str = "websocket-client") -> Pin:
    return Pin(name, VERSIONS[name], (hashlib.sha256(data).hexdigest(),))


def taken(files: dict[str, bytes], name: str = "websocket-client") -> list[str]:
    data = wheel(name, files)
    return sorted(unpack(data, pin_of(data, name)))


# -- pins


def test_the_projects_own_pins_are_both_packages_with_their_hashes() -> None:
    pins = read_pins((ROOT / "tools" / "requirements-release.txt").read_text("utf-8"))
    assert sorted(pin.name for pin in pins) == ["certifi", "websocket-client"]
    assert all(len(pin.hashes) >= 1 for pin in pins)


def test_a_pin_names_the_folders_of_its_wheel() -> None:
    pin = Pin("websocket-client", "1.2.3", (HASH,))
    assert (pin.package, pin.metadata) == ("websocket", "websocket_client-1.2.3.dist-info")


GOOD = f"certifi==1 --hash=sha256:{HASH}\nwebsocket-client==1.2.post1  --hash=sha256:{HASH} --hash=sha256:{'0' * 64}  # two\n"


def test_a_pin_may_have_several_hashes() -> None:
    assert [len(pin.hashes) for pin in read_pins("# what\n\n" + GOOD)] == [1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD.split("\n")[0],
        GOOD + GOOD,
        GOOD + f"requests==2 --hash=sha256:{HASH}\n",
        GOOD + "--index-url http://example.com\n",
        GOOD.replace("==1 ", ">=1 "),
        GOOD.replace(HASH, HASH[:-1]),
        GOOD.replace("certifi==1 ", "certifi==../1 "),
        GOOD.replace("certifi==1 ", "certifi==1/../2 "),
        GOOD.replace("sha256", "md5"),
        "\x00\ud800",
    ],
)
def test_pins_that_are_not_whole_are_none(text: str) -> None:
    assert read_pins(text) == ()


# -- the index


def test_the_file_with_a_pinned_hash_is_meant_whatever_comes_before_it() -> None:
    with Index() as index:
        listing = index.listing("certifi")
    pin = Pin("certifi", VERSIONS["certifi"], (index.pinned["certifi"],))
    assert wheel_address(pin, listing, "https://a.test/simple/certifi/") == "https://a.test/files/certifi.whl"
    assert wheel_address(Pin("certifi", "9", (HASH,)), listing, "https://a.test/") == ""


@pytest.mark.parametrize(
    "content",
    [
        "<html>", "[]", "{}", '{"files": 3}', '{"files": [3, {}, {"filename": 1, "url": 2, "hashes": 3}]}',
        json.dumps({"files": [{"filename": "a.tar.gz", "url": "a", "hashes": {"sha256": HASH}}]}),
        json.dumps({"files": [{"filename": "a.whl", "url": "https://[", "hashes": {"sha256": HASH}}]}),
        json.dumps({"files": [{"filename": "a.whl", "url": "a", "hashes": [HASH]}]}),
    ],
)  # fmt: skip
def test_an_index_that_says_something_else_has_no_such_file(content: str) -> None:
    assert wheel_address(Pin("certifi", "1", (HASH,)), content, "https://a.test/simple/certifi/") == ""


# -- unpacking


def test_the_package_its_license_and_its_metadata_are_taken_and_nothing_else() -> None:
    others = ("websocket/tests/test_a.py", "other/x.py", "x.pth", "bin/x")
    files = {"websocket/__init__.py": b"1", **dict.fromkeys(others, b"1 / 0")}
    about = f"websocket_client-{VERSIONS['websocket-client']}.dist-info"
    assert taken(files) == ["websocket/__init__.py", f"{about}/METADATA", f"{about}/licenses/LICENSE"]


def test_another_hash_is_refused_before_anything_is_looked_at() -> None:
    with pytest.raises(BadWheel, match="hash"):
        unpack(b"no zip at all", Pin("certifi", "1", (HASH,)))


@pytest.mark.parametrize(
    "name",
    [
        "websocket/../../x.py", "websocket/./x.py", "websocket//x.py", "websocket/a\\..\\b.py", "websocket/c:x.py",
        "websocket/.hidden", "websocket/nul.py", "websocket/COM1", "websocket/x.", "websocket/é.py",
        "websocket/a b.py", "websocket/INIT.py",
    ],
)  # fmt: skip
def test_an_unsafe_name_makes_the_wheel_bad(name: str) -> None:
    data = wheel("websocket-client", {"websocket/init.py": b"", name: b""})
    with pytest.raises(BadWheel):
        unpack(data, pin_of(data))


@pytest.mark.parametrize("name", ["/etc/x", "../websocket/x.py", "C:/x", "Websocket/x.py"])
def test_a_name_outside_the_package_is_left_out(name: str) -> None:
    assert not any("x" in path.split("/")[-1] for path in taken({"websocket/__init__.py": b"", name: b""}))


def test_a_link_makes_the_wheel_bad() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        entry = zipfile.ZipInfo("websocket/x.py")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(BadWheel):
        unpack(made.getvalue(), pin_of(made.getvalue()))


def test_what_grows_too_big_or_is_too_much_is_bad() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("websocket/x.py", b"0" * (MOST_BYTES + 1))
    many = wheel("websocket-client", {f"websocket/x{number}.py": b"" for number in range(MOST_FILES + 1)})
    for data in (made.getvalue(), many):
        with pytest.raises(BadWheel):
            unpack(data, pin_of(data))


@pytest.mark.parametrize("data", [b"", b"no zip", wheel("certifi", {"certifi/a.py": b"x" * 90})[:-40], wheel("certifi", {})])
def test_what_is_no_wheel_of_that_package_is_bad(data: bytes) -> None:
    with pytest.raises(BadWheel):
        unpack(data, pin_of(data, "certifi"))
