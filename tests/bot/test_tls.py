"""TLS of the process's own: real handshakes with the running server, and what is refused."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

import httpx
import pytest
import structlog

from bot.settings import Settings, WrongSettingsError, read_settings
from bot.tls import NOT_TRUSTED, PLAIN_OUTSIDE, OwnTls, warn_of_weak_ways
from tests.bot.started import started
from tests.certificates import Authority, Signed


@dataclass(frozen=True)
class House:
    """A running installation, and with what its certificate is checked."""

    port: int
    pid: int
    authority: Authority
    signed: Signed
    said: tuple[str, ...]

    def trusting(self, **limits: ssl.TLSVersion) -> ssl.SSLContext:
        """How a careful client connects."""
        context = ssl.create_default_context(cafile=str(self.authority.root))
        for name, version in limits.items():
            setattr(context, name, version)
        return context

    def shaken(self, context: ssl.SSLContext) -> tuple[str | None, str, str]:
        """The version, the cipher and the number of the certificate that a handshake comes to."""
        with (
            socket.create_connection(("127.0.0.1", self.port), 10) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as tls,
        ):
            cipher, certificate = tls.cipher(), tls.getpeercert()
            assert cipher
            assert certificate
            return tls.version(), cipher[0], str(certificate["serialNumber"])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The whole process, started as an operator starts it."""
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority(folder)
    signed = authority.signed("localhost")
    settings = {
        "ORIENTA_DATA_DIR": str(folder / "var"), "ORIENTA_TLS_CERTIFICATE": str(signed.certificate),
        "ORIENTA_TLS_KEY": str(signed.key),
    }  # fmt: skip
    with started(settings) as process:
        yield House(process.port, process.pid, authority, signed, process.said)


def test_the_pages_are_served_over_tls_of_today(house: House) -> None:
    """
    1.3 and 1.2, with a certificate that is checked; the addresses that are printed say https.
    """
    assert f"chat     https://127.0.0.1:{house.port}/" in house.said
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = house.trusting(minimum_version=version, maximum_version=version)
        assert house.shaken(context)[0] == {"TLSv1_2": "TLSv1.2", "TLSv1_3": "TLSv1.3"}[version.name]
    with httpx.Client(verify=house.trusting(), base_url=f"https://localhost:{house.port}") as client:
        chat, console = client.get("/"), client.get("/console/sign-in")
    assert (chat.status_code, console.status_code) == (200, 200)
    for page in (chat, console):
        assert page.headers["strict-transport-security"].startswith("max-age=31536000")
    assert console.headers["set-cookie"].startswith("__Host-console-form=")
    assert "Secure" in console.headers["set-cookie"]
    assert "__Host-" in chat.headers["set-cookie"]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_older_versions_of_tls_are_refused(house: House, tmp_path: Path, version: ssl.TLSVersion) -> None:
    """
    A client that speaks nothing newer gets no connection from us, and gets one from a careless server.
    """
    client = house.trusting(minimum_version=version, maximum_version=version)
    client.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        house.shaken(client)
    careless = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    careless.minimum_version = version
    careless.set_ciphers("ALL:@SECLEVEL=0")
    assert _agree(careless, house.signed, client)


@pytest.mark.parametrize(
    "cipher", ["ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "AES128-GCM-SHA256"]
)
def test_ciphers_without_forward_secrecy_or_authentication_are_refused(house: House, cipher: str) -> None:
    """
    Those that browsers offer last: block chaining, and keys that do not change.
    """
    client = house.trusting(maximum_version=ssl.TLSVersion.TLSv1_2)
    client.set_ciphers(f"{cipher}:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        house.shaken(client)
    client.set_ciphers("DEFAULT")
    assert house.shaken(client)[1].startswith(("ECDHE-ECDSA-AES", "ECDHE-ECDSA-CHACHA20"))


def test_nothing_is_served_in_the_clear(house: House) -> None:
    """
    A request without TLS gets no page and no answer of ours.
    """
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{house.port}/console/sign-in")


def test_a_renewed_certificate_is_taken_without_a_stop(house: House) -> None:
    """
    At SIGHUP, for the next connection; what does not fit together leaves the last one in use.
    """
    before = house.shaken(house.trusting())[2]
    file, key = house.signed.certificate, house.signed.key
    fit = file.read_bytes()
    other = house.authority.signed("other.example.org")
    copyfile(other.certificate, file)
    os.kill(house.pid, signal.SIGHUP)
    time.sleep(0.5)
    assert house.shaken(house.trusting())[2] == before
    file.write_bytes(fit)
    house.authority.signed("localhost")
    os.kill(house.pid, signal.SIGHUP)
    for _ in range(100):
        if house.shaken(house.trusting())[2] != before:
            return
        time.sleep(0.1)
    raise AssertionError(f"the certificate of {key} stayed in use")


def test_what_cannot_be_used_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A file that is not there, half of the pair, a key of another certificate: each by the setting's name.
    """
    authority = Authority(tmp_path)
    one, other = authority.signed("localhost"), authority.signed("other.example.org")
    monkeypatch.setenv("ORIENTA_TLS_CERTIFICATE", str(tmp_path / "nowhere.pem"))
    with pytest.raises(WrongSettingsError, match="ORIENTA_TLS_CERTIFICATE: there is no such file"):
        read_settings()
    monkeypatch.setenv("ORIENTA_TLS_CERTIFICATE", str(one.certificate))
    monkeypatch.delenv("ORIENTA_TLS_KEY", raising=False)
    with pytest.raises(WrongSettingsError, match="ORIENTA_TLS_CERTIFICATE: needs ORIENTA_TLS_KEY"):
        read_settings()
    for key in (other.key, one.certificate):
        with pytest.raises(WrongSettingsError, match=r"ORIENTA_TLS_CERTIFICATE: .* cannot be used together"):
            OwnTls(one.certificate, key)


def test_listening_beyond_this_machine_in_the_clear_is_warned_of(tmp_path: Path) -> None:
    """
    Not on this machine's own address, and not with TLS.
    """
    signed = Authority(tmp_path).signed("localhost")
    with structlog.testing.capture_logs() as logs:
        for host in ("127.0.0.1", "::1", "localhost"):
            warn_of_weak_ways(host, None, ())
        assert not logs
        warn_of_weak_ways("0.0.0.0", OwnTls(signed.certificate, signed.key), ("", ""))
        warn_of_weak_ways("0.0.0.0", None, ("https://orienta.example.org",))
    assert [line["event"] for line in logs] == [NOT_TRUSTED, PLAIN_OUTSIDE]
    assert Settings().tls_certificate is None


def test_a_certificate_that_browsers_will_not_trust_is_warned_of(tmp_path: Path) -> None:
    """
    Of an unknown authority, for another name, or ended; one of a known authority for the name is not.
    """
    authority, other = Authority(tmp_path), Authority(tmp_path, "other")
    signed = authority.signed("localhost")
    tls = OwnTls(signed.certificate, signed.key)

    def doubt(host: str, known: Authority, signed: Signed = signed) -> str:
        return OwnTls(signed.certificate, signed.key).doubt(
            host, ssl.create_default_context(cafile=str(known.root))
        )

    assert doubt("localhost", authority) == doubt("", authority) == ""
    assert "Hostname mismatch" in doubt("orienta.example.org", authority)
    assert "unable to get local issuer" in doubt("localhost", other)
    assert "unable to get local issuer" in tls.doubt("localhost")
    ended = authority.signed("ended.example.org", days=-1)
    assert "expired" in doubt("ended.example.org", authority, ended)


def _agree(server: ssl.SSLContext, signed: Signed, client: ssl.SSLContext) -> bool:
    """Whether a handshake of the two comes to an end, in memory."""
    server.load_cert_chain(signed.certificate, signed.key)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname="localhost"),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    done = [False, False]
    for _ in range(10):
        for at, end in enumerate(ends):
            try:
                end.do_handshake()
                done[at] = True
            except ssl.SSLWantReadError:
                continue
    return all(done)
