"""A package index on this computer, with wheels of a test's own making. Knows no assertion.

with Index() as index:
    index.address     in the form of install.INDEX
    index.pins()      what tools/requirements-release.txt would say
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Optional

from end_to_end.raw_server import Peer, RawServer

WEBSOCKET = Path(find_spec("websocket").origin).parent  # type: ignore[union-attr,arg-type]
VERSIONS = {"certifi": "2026.1.2", "websocket-client": "1.2.3"}


def wheel(name: str, files: dict[str, bytes]) -> bytes:
    """A wheel of that package with these files, its license and what it says about itself."""
    about = f"{name.replace('-', '_')}-{VERSIONS[name]}.dist-info"
    whole = {**files, f"{about}/METADATA": b"Name: x\n", f"{about}/licenses/LICENSE": b"Do.\n", f"{about}/RECORD": b""}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, content in whole.items():
            archive.writestr(path, content)
    return made.getvalue()


def websocket_files() -> dict[str, bytes]:
    """The real websocket-client, as it lies here."""
    return {f"websocket/{path.name}": path.read_bytes() for path in sorted(WEBSOCKET.glob("*.py"))}


class Index:
    """Inside `with` it answers; `wheels` (package → bytes) is what it has, `answers` (a path's end → status) what goes wrong."""

    def __init__(self, files: Optional[dict[str, bytes]] = None) -> None:
        self.wheels = {
            "certifi": wheel("certifi", {"certifi/cacert.pem": b"# none\n", "certifi/tests/x.py": b"1 / 0"}),
            "websocket-client": wheel("websocket-client", websocket_files() if files is None else files),
        }
        self.pinned = {name: hashlib.sha256(data).hexdigest() for name, data in self.wheels.items()}
        self.answers: dict[str, int] = {}
        self.asked: list[str] = []
        self.silent = False
        self.file_address = "../../files/{name}.whl"
        self._server = RawServer(self._serve)

    def __enter__(self) -> Index:
        self._server.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._server.__exit__(*error)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.port}/simple/{{name}}/"

    def pins(self) -> str:
        return "".join(f"{name}=={VERSIONS[name]} --hash=sha256:{self.pinned[name]}\n" for name in sorted(self.pinned))

    def listing(self, name: str) -> str:
        """What it says about a package (PEP 691): two files of another version come first."""
        names = ("old-1.tar.gz", "old-1.whl")
        others = [{"filename": other, "url": other, "hashes": {"sha256": "0" * 64}} for other in names]
        file = f"{name.replace('-', '_')}-{VERSIONS[name]}-py3-none-any.whl"
        url = self.file_address.replace("{name}", name)
        return json.dumps({"files": [*others, {"filename": file, "url": url, "hashes": {"sha256": self.pinned[name]}}]})

    def _serve(self, peer: Peer) -> None:
        path = peer.read_request().split(b" ")[1].decode()
        self.asked.append(path)
        if self.silent:
            peer.hold()
        status = next((status for end, status in self.answers.items() if path.endswith(end)), 200)
        if status != 200:
            peer.answer(status, "no")
        elif path.startswith("/simple/"):
            peer.answer(200, self.listing(path.split("/")[2]))
        else:
            peer.answer(200, self.wheels[Path(path).stem])
