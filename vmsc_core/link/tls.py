"""TLS: always verified, with this computer's certificates; there is no switch for it. Knows no socket and no host."""

from __future__ import annotations

import contextlib
import sys
from functools import lru_cache
from typing import Any

from vmsc_core.link.errors import for_the_user

try:
    import ssl
except ImportError:  # a Python without ssl: Snap's OBS
    ssl = None  # type: ignore[assignment]


@lru_cache(maxsize=1)
def tls_context() -> Any:
    """A context that verifies. Raises CannotConnect when this Python can't do it."""
    if ssl is None:
        raise for_the_user("ssl_missing")
    try:
        context = _windows_context() if sys.platform == "win32" else ssl.create_default_context()
    except (OSError, ValueError) as error:
        raise for_the_user("certificates_unreadable") from error
    # Linux loads certificates one by one when they are needed, so an empty store means something on a Mac only.
    if sys.platform == "darwin" and not context.cert_store_stats().get("x509_ca"):
        raise for_the_user("certificates_missing")
    return context


def waits_to_write(error: OSError) -> bool | None:
    """For an error by which TLS asks to be called again: whether it has to write first. None for every other error."""
    if ssl is None or not isinstance(error, (ssl.SSLWantReadError, ssl.SSLWantWriteError)):
        return None
    return isinstance(error, ssl.SSLWantWriteError)


def is_certificate_trouble(error: OSError) -> bool:
    """Whether a handshake failed because the certificate is not one of the host's own."""
    return ssl is not None and isinstance(error, ssl.SSLCertVerificationError)


def _windows_context() -> Any:
    """What create_default_context gives, with Windows' certificates taken one by one.

    One that is damaged then costs itself and not all (python/cpython issue 79846), and Python can do something else in
    between: all at once hold OBS's frame for 17 ms.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies, and checks the host's name
    for store in ("CA", "ROOT"):
        try:
            rows = ssl.enum_certificates(store)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            continue
        for data, encoding, trust in rows:
            if encoding == "x509_asn" and (trust is True or ssl.Purpose.SERVER_AUTH.oid in trust):
                with contextlib.suppress(OSError, ValueError):
                    context.load_verify_locations(cadata=data)
    context.set_default_verify_paths()  # SSL_CERT_FILE and SSL_CERT_DIR
    return context
