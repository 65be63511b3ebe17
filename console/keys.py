"""Digests, form tokens and encryption of the console, all from the one secret key of the installation.

Each use has a key of its own. Nothing here is stored, logged or shown.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken


class Keys:
    """What the secret key is good for here."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._fernet = Fernet(base64.urlsafe_b64encode(self._key("second factor")))

    def _key(self, use: str) -> bytes:
        return hmac.new(self._secret, f"console {use}".encode(), hashlib.sha256).digest()

    def digest(self, use: str, value: str) -> str:
        """A keyed digest of a value; the same value has another digest for another use."""
        return hmac.new(self._key(use), value.encode(), hashlib.sha256).hexdigest()

    def same(self, use: str, value: str, digest: str) -> bool:
        """Whether the digest is that of the value, in constant time."""
        return hmac.compare_digest(self.digest(use, value), digest)

    def hide(self, text: str) -> str:
        """The text encrypted."""
        return self._fernet.encrypt(text.encode()).decode()

    def show(self, hidden: str) -> str | None:
        """The text again, or None when the key has changed since."""
        try:
            return self._fernet.decrypt(hidden.encode()).decode()
        except InvalidToken:
            return None


def new_token() -> str:
    """256 random bits that can stand in a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is stored of a token: nobody who reads the database can use it."""
    return hashlib.sha256(token.encode()).hexdigest()
