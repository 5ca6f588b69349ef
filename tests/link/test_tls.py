"""Certificates of every platform, and what can be wrong with them."""

from __future__ import annotations

import importlib.util
import ssl
import sys
from collections.abc import Iterator

import pytest
import trustme

from vmsc_core.link import tls
from vmsc_core.link.errors import CannotConnect
from vmsc_core.link.tls import is_certificate_trouble, tls_context, waits_to_write
from vmsc_core.reasons import Failure, Remedy, because


@pytest.fixture(autouse=True)
def no_context_is_kept() -> Iterator[None]:
    tls_context.cache_clear()
    yield
    tls_context.cache_clear()


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
