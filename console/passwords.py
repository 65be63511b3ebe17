"""Passwords: long ones, hashed with argon2id, a few at a time so that guesses cannot use up the machine.

An unknown account costs the same time as a known one.
"""

from __future__ import annotations

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from content.wording import N_

SHORTEST, LONGEST = 15, 200
TOO_SHORT = N_("Choose a password of 15 characters or more. Four or five words are good.")
TOO_LONG = N_("Choose a password of at most 200 characters.")
TOO_PLAIN = N_("This password is easy to guess. Choose words that do not belong together.")
_EASY = (
    "password",
    "contrasena",
    "contraseña",
    "senha",
    "orienta",
    "qwerty",
    "asdfgh",
    "123456789",
    "abcdefgh",
)


def complaint(password: str, email: str) -> str | None:
    """What is wrong with a new password, as a message to translate; None when it is good."""
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    plain = password.lower()
    rest = plain
    for easy in (*_EASY, email.lower(), email.partition("@")[0].lower()):
        rest = rest.replace(easy, "") if len(easy) > 2 else rest
    if len(set(plain)) < 6 or len(rest) < 8:
        return TOO_PLAIN
    return None


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
