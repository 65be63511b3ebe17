"""Codes of referral slips: 13 random characters out of 32, and one check character (ISO 7064 mod 37,36).

Nobody guesses one. The generator throws a code away when its check character is one of the four letters that are
easily misread, which keeps 32 of 36: 65 - 0.17 bits remain, more than 64. With 10,000 slips open at once, one guess
hits with a chance of 10,000 / 2^64.8 = 3.1e-16. One network may try about 24 codes a day at the desk (the wait after
a wrong one grows to an hour): a year from 1,000 networks is 8.8 million guesses, and hits with a chance of 3e-9.
Without any wait a million guesses hit with a chance of 3e-10.

A code says nothing: it is drawn at random, so two codes of one person have nothing in common. Stored is only a
keyed digest of it. The check character finds every single wrong character and nearly every exchange of two.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Sequence

from stdnum.iso7064 import mod_37_36

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 13
LENGTH = RANDOM_CHARACTERS + 1
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_SEPARATORS = re.compile(r"[\s\-–—._]+")
# As it is printed: groups, or fourteen characters with a digit among them.
_GROUPED = re.compile(r"[0-9A-Z]{5}[\s\-–—._][0-9A-Z]{5}[\s\-–—._][0-9A-Z]{4}")
_CLOSED_UP = re.compile(r"(?=[A-Z]*[0-9])[0-9A-Z]{14}")


def new_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """A code, in groups as it is shown."""
    while True:
        drawn = "".join(choose(ALPHABET) for _ in range(RANDOM_CHARACTERS))
        check = str(mod_37_36.calc_check_digit(drawn))
        if check in ALPHABET:
            return shown(drawn + check)


def shown(code: str) -> str:
    """A code in groups, for the eye: XXXXX-XXXXX-XXXX."""
    return f"{code[:5]}-{code[5:10]}-{code[10:]}"


def plain(text: str) -> str | None:
    """The code that somebody typed, misread letters put right; None when it is none or has a typing mistake."""
    code = _SEPARATORS.sub("", text.strip().upper()).translate(_MISREAD)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    return code if mod_37_36.is_valid(code) else None


def looks_like_one(text: str) -> bool:
    """Whether a message is meant as a code, right or mistyped. With blanks between and no digit only a right one is, in
    the letters that are printed: three words as long as its groups ("quero morir hoje") are a sentence."""
    line = text.strip().upper()
    if not _GROUPED.fullmatch(line):
        return bool(_CLOSED_UP.fullmatch(line))
    printed = set(_SEPARATORS.sub("", line)) <= set(ALPHABET)
    joined = not any(map(str.isspace, line))
    return joined or any(map(str.isdigit, line)) or (printed and plain(line) is not None)


class Digests:
    """What is stored of a code: a keyed digest, which without the key of the installation says nothing."""

    def __init__(self, secret: bytes, earlier: Sequence[bytes] = ()) -> None:
        every = (secret, *earlier)
        self._keys = [hmac.new(one, b"orienta referral slip", hashlib.sha256).digest() for one in every]

    def known(self, code: str) -> tuple[str, ...]:
        """Every digest that a plain code may be stored as: under the present key first, then under earlier ones."""
        return tuple(hmac.new(key, code.encode(), hashlib.sha256).hexdigest() for key in self._keys)
