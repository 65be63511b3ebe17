"""TLS of this process's own, for whoever runs it without a proxy: versions 1.2 and 1.3 with forward secrecy alone.

The certificate is read again with the content, at SIGHUP: it is renewed every few weeks, and nobody is cut off for it.
A key is never logged.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from bot.database_address import is_this_machine
from bot.logs import get_log
from bot.settings import Settings, WrongSettingsError

# Of TLS 1.2: ephemeral keys and authenticated encryption. Those of TLS 1.3 are all so.
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
_log = get_log("tls")
PLAIN_OUTSIDE = (
    "other machines can reach this address without TLS: set ORIENTA_TLS_CERTIFICATE and ORIENTA_TLS_KEY, or let a proxy"
    " that speaks TLS be the only one who can reach it"
)

NOT_TRUSTED = "browsers will not trust the certificate of ORIENTA_TLS_CERTIFICATE; people would be taught to ignore that"


class OwnTls:
    """The context with which connections are accepted, and the files that it was read from."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """WrongSettingsError when the files hold no certificate and key that belong together."""
        self._certificate, self._key = certificate, key
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_ciphers(_CIPHERS)
        self.context.options |= ssl.OP_NO_RENEGOTIATION
        self.context.set_alpn_protocols(["http/1.1"])
        self.read()

    def read(self) -> None:
        """Read the files; connections that begin from now on use them. What cannot be used leaves the last in use."""
        try:
            # Tried apart: a key that does not fit would leave the new certificate with the old key.
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self._certificate, self._key, "")
            self.context.load_cert_chain(self._certificate, self._key, "")
        except (OSError, ValueError) as error:
            reason = error.reason if isinstance(error, ssl.SSLError) else getattr(error, "strerror", "")
            raise WrongSettingsError(
                f"ORIENTA_TLS_CERTIFICATE: {self._certificate} and {self._key} cannot be used together"
                f" ({reason or 'no PEM, or a key with a password'})."
            ) from None

    def doubt(self, host: str, browser: ssl.SSLContext | None = None) -> str:
        """Why a browser would not trust the certificate for a host; empty when it would, as far as this machine knows.

        Tried by a handshake in memory: it finds what has ended, another name, and a chain that lacks a link.
        """
        browser = browser or ssl.create_default_context()
        browser.check_hostname = bool(host)
        to_us, to_browser = ssl.MemoryBIO(), ssl.MemoryBIO()
        ours = self.context.wrap_bio(to_us, to_browser, server_side=True)
        theirs = browser.wrap_bio(to_browser, to_us, server_hostname=host or None)
        try:
            for end in (theirs, ours, theirs):
                with suppress(ssl.SSLWantReadError):
                    end.do_handshake()
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
        return ""


def own_tls(settings: Settings) -> OwnTls | None:
    """TLS when a certificate is set."""
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    return OwnTls(settings.tls_certificate, settings.tls_key)


def warn_of_weak_ways(host: str, tls: OwnTls | None, addresses: Iterable[str]) -> None:
    """Say when other machines can speak to us in the clear, or browsers will not trust our certificate for an address."""
    if tls is None:
        if not is_this_machine(host):
            _log.warning(PLAIN_OUTSIDE, address=host)
        return
    for name in {urlsplit(address).hostname or "" for address in addresses if address} or {""}:
        if reason := tls.doubt(name):
            _log.warning(NOT_TRUSTED, host=name, reason=reason)
