"""Digests, form tokens and encryption of the console, all from the one secret key of the installation.

Each use has a key of its own. What an earlier secret key closed is opened still, and nothing is closed with it.
Nothing here is stored, logged or shown.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

# 28 characters of 31 are 138 random bits: more than anybody can try, even with the database in hand.
PARTS, LETTERS, ALPHABET = 4, 7, "abcdefghjkmnpqrstuvwxyz23456789"
# Anywhere: a field takes the line ends out of what is pasted, and words come to stand right beside the code.
_CODE = re.compile(rf"[{ALPHABET}]{{{LETTERS}}}(?:-[{ALPHABET}]{{{LETTERS}}}){{{PARTS - 1}}}")


class Cipher:
    """Encrypts with the first of its keys, each of 32 bytes, and reads what any of them encrypted."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        fernets = [Fernet(base64.urlsafe_b64encode(key)) for key in keys]
        self._present, self._all = fernets[0], MultiFernet(fernets)

    def hide(self, text: str) -> str:
        """The text encrypted."""
        return self._present.encrypt(text.encode()).decode()

    def show(self, hidden: str) -> str | None:
        """The text again, or None when none of the keys opens it."""
        try:
            return self._all.decrypt(hidden.encode()).decode()
        except InvalidToken:
            return None

    def is_present(self, hidden: str) -> bool:
        """Whether the first key opens it."""
        try:
            self._present.decrypt(hidden.encode())
        except InvalidToken:
            return False
        return True

    def renew(self, hidden: str) -> str | None:
        """The same text encrypted with the first key; None when none of the keys opens it."""
        try:
            return self._all.rotate(hidden.encode()).decode()
        except InvalidToken:
            return None


def key_for(secret: bytes, use: str) -> bytes:
    """A key of its own for a use, made of a secret key."""
    return hmac.new(secret, use.encode(), hashlib.sha256).digest()


class Keys:
    """What the secret key, and those before it, are good for here."""

    def __init__(self, secret: bytes, earlier: Sequence[bytes] = ()) -> None:
        self._secrets = (secret, *earlier)
        self.cipher = Cipher([key_for(one, "console second factor") for one in self._secrets])

    def digest(self, use: str, value: str) -> str:
        """A keyed digest of a value; the same value has another digest for another use."""
        return self.digests(use, value)[0]

    def digests(self, use: str, value: str) -> tuple[str, ...]:
        """The digest of a value under each key, the present one first."""
        keys = (key_for(one, f"console {use}") for one in self._secrets)
        return tuple(hmac.new(key, value.encode(), hashlib.sha256).hexdigest() for key in keys)

    def same(self, use: str, value: str, digest: str) -> bool:
        """Whether the digest is that of the value under the present key, in constant time."""
        return hmac.compare_digest(self.digest(use, value), digest)


def new_token() -> str:
    """256 random bits that can stand in a cookie."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """138 random bits that can be read out and typed, in groups."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(PARTS))


def plain_code(typed: str) -> str:
    """The code in what somebody typed or pasted, a whole message too, in whatever letters and groups."""
    lower = typed.lower()
    if found := _CODE.search(lower):
        return found[0]
    letters = "".join(one for one in lower if one.isalnum())
    return "-".join(letters[at : at + LETTERS] for at in range(0, len(letters), LETTERS))


def token_digest(token: str) -> str:
    """What is stored of a token: nobody who reads the database can use it."""
    return hashlib.sha256(token.encode()).hexdigest()
