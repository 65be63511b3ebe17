"""TLS of this process's own, for whoever runs it without a proxy: versions 1.2 and 1.3 with forward secrecy alone.

The certificate is read again with the content, at SIGHUP: it is renewed every few weeks, and nobody is cut off for it.
A key is never logged.
"""

from __future__ import annotations

import ssl
from pathlib import Path

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


def own_tls(settings: Settings) -> OwnTls | None:
    """TLS when a certificate is set."""
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    return OwnTls(settings.tls_certificate, settings.tls_key)


def warn_of_plain(host: str, tls: OwnTls | None) -> None:
    """Say when other machines can speak to us in the clear."""
    if tls is None and not is_this_machine(host):
        _log.warning(PLAIN_OUTSIDE, address=host)
