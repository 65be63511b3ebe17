"""Passwords: long ones that no list of stolen ones leads to, hashed with argon2id, a few at a time.

An unknown account costs the same time as a known one. A password never leaves this machine to be looked up.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from content.wording import N_

SHORTEST, LONGEST = 15, 200
TOO_SHORT = N_("Choose a password of 15 characters or more. Four or five words are good.")
TOO_LONG = N_("Choose a password of at most 200 characters.")
TOO_PLAIN = N_("This password is easy to guess. Choose words that do not belong together.")
TOO_KNOWN = N_(
    "This password is made of passwords that were stolen elsewhere. Choose four or five words that do not belong together."
)
# Words of this product, its places and its users: whoever guesses begins with them.
OWN_WORDS = (
    "password", "contrasena", "contraseña", "senha", "orienta", "consola", "console", "admin", "qwerty", "asdfgh",
    "123456789", "abcdefgh", "quito", "pichincha", "sao paulo", "são paulo", "saopaulo", "san luis", "sanluis",
    "ecuador", "brasil", "argentina", "refugio", "refúgio", "acnur", "unhcr", "telegram",
)  # fmt: skip
# Fewer guesses than ten thousand million: an argon2id hash that is stolen would be broken within weeks.
_GUESSES = 1e10
# What the estimate reads at most; the beginning of a long password is long enough to judge it.
_READ = 72


async def complaint(password: str, email: str) -> str | None:
    """What is wrong with a new password, as a message to translate; None when it is good."""
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    rest = _without_own_words(password.lower(), email.lower())
    if len(set(password.lower())) < 6 or len(rest.strip()) < 8:
        return TOO_PLAIN
    known = await asyncio.to_thread(_few_guesses, (password, rest))
    return TOO_KNOWN if known else None


def _without_own_words(plain: str, email: str) -> str:
    for word in (email, email.partition("@")[0], *OWN_WORDS):
        plain = plain.replace(word, "") if len(word) > 2 else plain
    return plain


def _few_guesses(texts: Iterable[str]) -> bool:
    """Whether a text, or parts put together, stand high enough in the lists of leaked passwords and common words."""
    # Reading the lists takes a sixth of a second and some memory: only for who chooses a password.
    from zxcvbn import zxcvbn

    return any(zxcvbn(text[:_READ])["guesses"] < _GUESSES for text in texts)


class Passwords:
    """Hashes and checks; at most two at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        # 46 MiB and two passes take about a tenth of a second on one core of 2024.
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=47_104, parallelism=1)
        self._turns = asyncio.Semaphore(2)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """The hash to store."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, _normal(password))

    async def fits(self, stored: str | None, password: str) -> bool:
        """Whether the password is that of the hash; without a hash it takes as long and says no."""
        if self._nobody is None:
            self._nobody = await self.hash("nobody has this password")
        if len(password) > LONGEST:
            password = ""
        async with self._turns:
            fits = await asyncio.to_thread(self._verify, stored or self._nobody, _normal(password))
        return fits and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with weaker settings than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)
