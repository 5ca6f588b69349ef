"""Guest tokens for Centrifugo, as Kick hands them out. Knows no connection."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any, Optional


@dataclass
class Tokens:
    """Guest tokens for Centrifugo: real JWTs, signed, with an end."""

    ttl: float = 2700.0
    """Seconds a token issued from now on is good for."""
    secret: bytes = b"simulator"
    issued: list[str] = field(default_factory=list)

    def issue(self, client_id: str) -> str:
        """A token for this client."""
        self.issued = [*self.issued[-999:], ""]
        claims = {"sub": "", "client_id": client_id, "exp": time.time() + self.ttl, "jti": len(self.issued) + random.random()}
        head, body = _base64(b'{"alg":"HS256","typ":"JWT"}'), _base64(json.dumps(claims).encode())
        self.issued[-1] = f"{head}.{body}.{self._sign(f'{head}.{body}')}"
        return self.issued[-1]

    def seconds_left(self, token: Any) -> Optional[float]:
        """How long it is still good; 0 or less when it has ended, None when it is none of ours."""
        try:
            signed, signature = token.rsplit(".", 1)
            if not hmac.compare_digest(signature, self._sign(signed)):
                return None
            body = signed.split(".")[1]
            return float(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["exp"]) - time.time()
        except (AttributeError, ValueError, KeyError, IndexError, TypeError):
            return None

    def _sign(self, text: str) -> str:
        return _base64(hmac.new(self.secret, text.encode(), hashlib.sha256).digest())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
