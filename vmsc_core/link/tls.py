"""TLS: always verified, with this computer's certificates; there is no switch for it. Knows no socket and no host.

Beside the system's certificates those of certifi are used where it lies on Python's path (the release brings it with
websocket-client): Windows fetches a root only when a program of its own asks for it, and a Mac's Python has none at first.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any, Union

from vmsc_core.link import library
from vmsc_core.link.errors import for_the_user
from vmsc_core.reasons import Reason, because

try:
    import ssl
except ImportError:  # a Python without ssl: Snap's OBS
    ssl = None  # type: ignore[assignment]

MISSING_ROOT = (2, 19, 20, 21)
"""OpenSSL's verdicts (x509_vfy.h) on a chain whose end this computer doesn't know. 18 is a host that vouches for itself."""


@lru_cache(maxsize=1)
def tls_context() -> Any:
    """A context that verifies. Raises CannotConnect when this Python can't do it."""
    if ssl is None:
        raise for_the_user("ssl_missing")
    try:
        context = _windows_context() if sys.platform == "win32" else _system_context()
    except (OSError, ValueError) as error:
        raise for_the_user("certificates_unreadable") from error
    bundle = certifi_bundle()
    if bundle is not None:
        with contextlib.suppress(OSError, ValueError):
            context.load_verify_locations(cafile=bundle)
    # Linux loads certificates one by one when they are needed, so an empty store means something on a Mac only.
    if sys.platform == "darwin" and not context.cert_store_stats().get("x509_ca"):
        raise for_the_user("certificates_missing")
    return context


def forget() -> None:
    """The next `tls_context` loads the certificates again: there may be more of them now."""
    tls_context.cache_clear()


def waits_to_write(error: OSError) -> bool | None:
    """For an error by which TLS asks to be called again: whether it has to write first. None for every other error."""
    if ssl is None or not isinstance(error, (ssl.SSLWantReadError, ssl.SSLWantWriteError)):
        return None
    return isinstance(error, ssl.SSLWantWriteError)


def is_certificate_trouble(error: OSError) -> bool:
    """Whether a handshake failed because the certificate is not one of the host's own."""
    return ssl is not None and isinstance(error, ssl.SSLCertVerificationError)


def lacks_a_root(error: OSError | None) -> bool:
    """Whether a handshake failed because this computer doesn't know the authority behind the certificate."""
    return error is not None and is_certificate_trouble(error) and getattr(error, "verify_code", 0) in MISSING_ROOT


def trouble(error: OSError | None, context: Any) -> tuple[str, dict[str, Union[str, int]]]:
    """Why a handshake with this context failed: the key of a sentence, and its values beside the host."""
    if error is None or not is_certificate_trouble(error):
        return "tls_failed", {}
    if lacks_a_root(error):
        variable = gone_variable()
        if variable:
            return "certificates_gone", {"variable": variable}
        if is_empty(context):
            return "certificates_none", {}
    return "certificate_bad", {}


def tls_remark() -> Reason | None:
    """What the user should know although TLS works."""
    if sys.platform == "win32" or not os.environ.get("SSLKEYLOGFILE") or _genuine() is not ssl.SSLContext:
        return None
    return because("key_log_unwritable") if tls_context().keylog_filename is None else None


def gone_variable() -> str:
    """The variable that tells Python where certificates are and names what isn't there; empty when none does."""
    for variable, exists in (("SSL_CERT_FILE", os.path.isfile), ("SSL_CERT_DIR", os.path.isdir)):
        places = os.environ.get(variable, "")
        if places and not any(exists(place) for place in places.split(os.pathsep if variable == "SSL_CERT_DIR" else "\0")):
            return variable
    return ""


def is_empty(context: Any) -> bool:
    """Whether there is no certificate at all to verify with."""
    if context is None or context.cert_store_stats().get("x509"):
        return False
    paths = ssl.get_default_verify_paths()  # a folder's certificates are loaded when they are needed
    return not any(os.path.isdir(place) and os.listdir(place) for place in (paths.capath or "").split(os.pathsep))


def certifi_bundle() -> str | None:
    """Where certifi's certificates are: beside websocket-client, or wherever Python finds it. Its code isn't run."""
    paths = [Path(library.place(), "certifi")] if library.place() else []
    with contextlib.suppress(ImportError, ValueError, AttributeError):
        spec = importlib.util.find_spec("certifi")
        paths += [Path(spec.origin).parent] if spec is not None and spec.origin else []
    return next((str((path / "cacert.pem").resolve()) for path in paths if (path / "cacert.pem").is_file()), None)


def _genuine() -> Any:
    """The SSLContext that Python came with: another script may have put one of its own in its place (truststore does).

    Such a one verifies before our handshake has begun, and can't wait without blocking.
    """
    for kind in getattr(ssl.SSLContext, "__mro__", ()):
        if kind.__name__ == "SSLContext" and kind.__module__ == "ssl":
            return kind
    raise for_the_user("tls_replaced")


def _bare_context() -> Any:
    """Verifies, and checks the host's name. Set nothing else: with another SSLContext in its place each setter recurses."""
    return _genuine()(ssl.PROTOCOL_TLS_CLIENT)


def _system_context() -> Any:
    if _genuine() is ssl.SSLContext:
        try:
            return ssl.create_default_context()
        except OSError:
            if not os.environ.get("SSLKEYLOGFILE"):
                raise  # otherwise it is this file that can't be written: see tls_remark
    context = _bare_context()
    context.load_default_certs()
    return context


def _windows_context() -> Any:
    """What create_default_context gives, with Windows' certificates taken one by one.

    One that is damaged then costs itself and not all (python/cpython issue 79846), and Python can do something else in
    between: all at once hold OBS's frame for 17 ms.
    """
    context = _bare_context()
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
