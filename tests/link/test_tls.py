"""Certificates of every platform, and what can be wrong with them."""

from __future__ import annotations

import importlib.util
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme
from end_to_end.raw_server import Certificates, RawServer
from link.network import reach, serves

from vmsc_core.link import library, tls
from vmsc_core.link.errors import CannotConnect
from vmsc_core.link.tls import certifi_bundle, is_certificate_trouble, tls_context, tls_remark, waits_to_write
from vmsc_core.reasons import Failure, Remedy, because
from vmsc_core.words import say


@pytest.fixture(autouse=True)
def no_context_is_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(variable, raising=False)
    tls_context.cache_clear()
    yield
    tls_context.cache_clear()


@pytest.fixture
def certificates() -> Certificates:
    return Certificates()


def told(server: RawServer) -> str:
    """The key of what is said when this server is connected to, and what it says."""
    with pytest.raises(CannotConnect) as problem:
        reach("http", "localhost", tls=True, port=f":{server.port}")
    return f"{problem.value.failure.reason.key}: {say(problem.value.failure.reason)}"


def test_a_damaged_certificate_in_windows_store_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    good = ssl.PEM_cert_to_DER_cert(trustme.CA().cert_pem.bytes().decode())
    stores = {
        "CA": [(b"\x30\x82damaged", "x509_asn", True), (b"", "pkcs_7_asn", True)],
        "ROOT": [(good, "x509_asn", {ssl.Purpose.SERVER_AUTH.oid}), (good[:-1], "x509_asn", True)],
    }
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ssl, "enum_certificates", stores.__getitem__, raising=False)
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(variable, "nowhere")
    context = tls_context()
    assert context.cert_store_stats()["x509_ca"] == 1
    assert context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname


def test_a_store_of_windows_that_cannot_be_read_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    good = ssl.PEM_cert_to_DER_cert(trustme.CA().cert_pem.bytes().decode())

    def rows(store: str) -> list[tuple[bytes, str, bool]]:
        if store == "CA":
            raise OSError
        return [(good, "x509_asn", True)]

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ssl, "enum_certificates", rows, raising=False)
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(variable, "nowhere")
    assert tls_context().cert_store_stats()["x509_ca"] == 1


def test_a_certificate_for_something_else_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    mail_only = ssl.PEM_cert_to_DER_cert(trustme.CA().cert_pem.bytes().decode())
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ssl, "enum_certificates", lambda store: [(mail_only, "x509_asn", {"1.3.6.1.5.5.7.3.4"})], raising=False)
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(variable, "nowhere")
    assert tls_context().cert_store_stats()["x509_ca"] == 0


def test_certificates_that_cannot_be_read_are_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ssl.SSLError("[ASN1: NOT_ENOUGH_DATA] not enough data")

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ssl, "create_default_context", broken)
    with pytest.raises(CannotConnect) as told:
        tls_context()
    assert told.value.failure == Failure(Remedy.USER, because("certificates_unreadable"))


def test_a_mac_without_certificates_is_told_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ssl, "create_default_context", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    with pytest.raises(CannotConnect) as told:
        tls_context()
    assert told.value.failure == Failure(Remedy.USER, because("certificates_missing"))


def test_a_python_without_ssl_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "ssl", None)
    with pytest.raises(CannotConnect) as told:
        tls_context()
    assert told.value.failure == Failure(Remedy.USER, because("ssl_missing"))
    assert waits_to_write(OSError()) is None and not is_certificate_trouble(OSError())


def test_it_can_be_imported_by_a_python_without_ssl(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("tls_without_ssl", tls.__file__)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "ssl", None)
    spec.loader.exec_module(module)
    with pytest.raises(CannotConnect):
        module.tls_context()


@pytest.mark.parametrize(
    ("error", "writes"),
    [(ssl.SSLWantReadError(), False), (ssl.SSLWantWriteError(), True), (ssl.SSLError(), None), (ConnectionResetError(), None)],
)
def test_tls_says_in_which_direction_it_waits(error: OSError, writes: object) -> None:
    assert waits_to_write(error) is writes


def test_a_bad_certificate_is_told_from_any_other_failure() -> None:
    assert is_certificate_trouble(ssl.SSLCertVerificationError()) and not is_certificate_trouble(ssl.SSLError())


# -- what other programs and people do to TLS ---------------------------------------------------------------------------------


@pytest.mark.linux_only("the context that Windows gets logs no keys")
@pytest.mark.parametrize("path", ["nowhere/at/all", "."])
def test_a_key_log_that_cannot_be_written_is_done_without_and_told(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates, tmp_path: Path, path: str
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / path))
    monkeypatch.setenv("SSL_CERT_FILE", certificates.authority(tmp_path))
    with RawServer(serves("http"), tls=certificates.good()) as server:
        reach("http", "localhost", tls=True, port=f":{server.port}")
    assert tls_context().verify_mode is ssl.CERT_REQUIRED and tls_context().check_hostname
    assert tls_remark() == because("key_log_unwritable")
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    tls_context.cache_clear()
    assert tls_remark() is None


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_that_are_gone_are_told_by_their_variable(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates, tmp_path: Path, variable: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "gone"))
    with RawServer(serves("http"), tls=certificates.good()) as server:
        said = told(server)
    assert said == f"certificates_gone: {variable} names certificates that don't exist. Fix it, then restart OBS."


def test_a_computer_without_any_root_is_told(monkeypatch: pytest.MonkeyPatch, certificates: Certificates, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "empty"))
    monkeypatch.setattr(tls, "certifi_bundle", lambda: None)
    for platform in (sys.platform, "win32"):
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setattr(ssl, "enum_certificates", lambda store: [], raising=False)
        tls_context.cache_clear()
        with RawServer(serves("http"), tls=certificates.good()) as server:
            assert told(server).startswith("certificates_none: No root certificates on this computer.")


def test_a_strange_certificate_is_told_as_such(certificates: Certificates) -> None:
    for bad in (certificates.self_signed(), certificates.good()):
        with RawServer(serves("http"), tls=bad) as server:
            assert told(server).startswith("certificate_bad: Untrusted certificate from localhost.")


def test_a_root_that_comes_later_heals_at_the_next_attempt(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with RawServer(serves("http"), tls=certificates.good()) as server:
        told(server)
        certificates.authority(tmp_path)
        reach("http", "localhost", tls=True, port=f":{server.port}")


def test_a_root_that_came_since_the_certificates_were_loaded_heals_at_once(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    old = tls_context()
    certificates.authority(tmp_path)
    for what in ("http", "websocket"):
        with RawServer(serves(what), tls=certificates.good()) as server:
            reach(what, "localhost", tls=True, port=f":{server.port}")
    assert tls_context() is not old and tls_context().verify_mode is ssl.CERT_REQUIRED


def test_the_certificates_are_loaded_once_more_and_not_again_and_again(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates
) -> None:
    with RawServer(serves("http"), tls=certificates.good()) as server:
        told(server)
        assert len(server.accepted) == 2
    with RawServer(serves("http"), tls=certificates.expired()) as server:
        told(server)
        assert len(server.accepted) <= 2


class Injected(ssl.SSLContext):
    """What truststore puts in the place of ssl.SSLContext: it verifies as soon as a socket is wrapped."""

    def wrap_socket(self, *_: Any, **__: Any) -> Any:
        raise ValueError("do_handshake must be called first")


def test_another_scripts_ssl_context_is_not_used(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificates.authority(tmp_path))
    good, bad = certificates.good(), certificates.self_signed()
    monkeypatch.setattr(ssl, "SSLContext", Injected)
    with RawServer(serves("http"), tls=good) as server:
        reach("http", "localhost", tls=True, port=f":{server.port}")
    context = tls_context()
    assert type(context) is Injected.__mro__[1] and context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname
    with RawServer(serves("http"), tls=bad) as server:
        assert told(server).startswith("certificate_bad")


def test_an_ssl_context_that_is_no_longer_pythons_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssl, "SSLContext", object)
    with pytest.raises(CannotConnect) as problem:
        tls_context()
    assert problem.value.failure == Failure(Remedy.USER, because("tls_replaced"))


@pytest.mark.parametrize("place", ["beside websocket-client", "on the path"])
def test_certifi_is_used_where_it_lies_and_its_code_is_not_run(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates, tmp_path: Path, place: str
) -> None:
    folder = tmp_path / "certifi"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit" if place == "on the path" else "")
    Path(certificates.authority(tmp_path)).rename(folder / "cacert.pem")
    if place == "on the path":
        monkeypatch.syspath_prepend(str(tmp_path))
    else:
        found = SimpleNamespace(__file__=str(tmp_path / "websocket" / "__init__.py"))
        monkeypatch.setattr(library, "_kept", [found])
        assert Path(certifi_bundle() or "").samefile(folder / "cacert.pem")
    with RawServer(serves("http"), tls=certificates.good()) as server:
        reach("http", "localhost", tls=True, port=f":{server.port}")


def test_without_certifi_the_systems_certificates_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(library, "_kept", [])
    monkeypatch.delitem(sys.modules, "certifi", raising=False)
    assert certifi_bundle() is None


def test_no_sentence_about_certificates_says_to_reinstall_python() -> None:
    keys = ("certificates_unreadable", "certificates_gone", "certificates_none", "tls_replaced", "key_log_unwritable")
    assert not any("einstall" in say(key) for key in keys)
