"""The state that travels in a button: signed, versioned, at most 64 bytes, the same every time it is pressed.

A button works without any session: it names what to do, in which language, place and need. It never holds
anything of the person. Whoever changes a bit gets `Forged`; what an older version made gets `Outdated`; both
are values, because both get a sensible answer.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

VERSION = 1
_MAC_BYTES = 6  # 48 bits: a forger who presses a hundred times a second needs some 45,000 years on average
_HEAD = struct.Struct(">BcHHHB")
_UUID = b"\x00"  # marks a UUID packed into 16 bytes; no identifier begins with it
MAX_CHARACTERS = 64
_SEALED = 4_000
MAX_ITEM_BYTES = MAX_CHARACTERS * 3 // 4 - _HEAD.size - _MAC_BYTES


class Action(StrEnum):
    """What a button asks for. The letter is written into buttons that people keep: never use one again."""

    ANSWER = "a"  # answer this need in this place
    MORE = "m"  # more doors: page `number`
    MAP = "p"  # where the doors are
    MENU = "s"  # the sectors
    SECTOR = "c"  # the needs of the sector `item`
    PLACE = "l"  # this is my place; answer `need` if there is one
    ASK_PLACE = "q"  # ask which place; keep `need`
    LANGUAGE = "i"  # speak this language
    ASK_LANGUAGE = "j"
    NONE_OF_THESE = "n"
    HELPED = "h"  # did this help: ask what came of it
    DOOR = "d"  # what came of the door `item`
    TOLD = "t"  # outcome `number` of the door `item`
    PRIVACY = "v"
    FORGET = "f"
    SAFE_EXIT = "x"
    HUMAN = "u"
    BESIDE = "b"  # the same need in this place, beside the one the person is in
    SERVICE = "o"  # show the door `item`
    SOMEWHERE_ELSE = "w"
    SLIP = "k"  # a referral slip for the door `item`, or for one of page `number`
    SLIP_STATE = "z"  # how to ask what became of a slip
    WRONG = "e"  # something is wrong in our list about the door `item`
    CORRECT = "r"  # what is wrong: `number` of the closed list, of the door `item`
    CHANGE_OF = "1"  # a caseworker's change is about the door `item`
    CONFIRM_CHANGE = "y"  # a caseworker's change, known by its mark `number`
    DROP_CHANGE = "0"
    REVIEWED = "2"  # a caseworker looked at what was reported about the door `item`
    DECIDE = "3"  # a caseworker closes the proposal with the number in `item`; `number` 1: accepted
    PREVIEW_SENTENCE = "S"  # show the sentence that was not understood, as it would be sent
    SEND_SENTENCE = "Y"  # send it: the sentence with the mark `number`
    DROP_SENTENCE = "N"
    PROGRAMME = "g"  # what this place set out to do for refugees, and what is known of it today


@dataclass(frozen=True)
class Press:
    """What a valid button says."""

    action: Action
    language: str | None = None
    place: str | None = None
    need: str | None = None
    number: int = 0
    item: str = ""


@dataclass(frozen=True)
class Outdated:
    """Ours, but of another version or about a code that is gone."""


@dataclass(frozen=True)
class Forged:
    """Not signed by us, or not a button at all."""


Pressed = Press | Outdated | Forged


class Buttons:
    """Seals and opens button data for one vocabulary (needs, places, languages) under one key.

    What was sealed under an earlier key is opened too: people keep buttons.
    """

    def __init__(self, key: bytes, codes: Iterable[str], earlier: Iterable[bytes] = ()) -> None:
        """Refuses two codes that share a mark, so that a button can never change its meaning."""
        self._key = _button_key(key)
        self._known_keys = (self._key, *map(_button_key, earlier))
        self._codes: dict[int, str | None] = {0: None}
        # The same few hundred buttons stand below most answers.
        self._sealed = lru_cache(_SEALED)(self._seal)
        self.learn(codes)

    def learn(self, codes: Iterable[str]) -> None:
        """Know further codes; what was known stays known, because people keep buttons."""
        for code in codes:
            if self._codes.setdefault(mark_of(code), code) != code:
                raise ValueError(f"{code} and {self._codes[mark_of(code)]} share a button mark: rename one")

    def seal(self, press: Press) -> str:
        """The data of a button; ValueError when its item is too long."""
        return self._sealed(press)

    def _seal(self, press: Press) -> str:
        head = _HEAD.pack(
            VERSION,
            press.action.value.encode(),
            mark_of(press.language),
            mark_of(press.place),
            mark_of(press.need),
            press.number,
        )
        body = head + _packed(press.item)
        return base64.urlsafe_b64encode(body + _mac(self._key, body)).decode().rstrip("=")

    def open(self, data: str) -> Pressed:
        """What a pressed button says."""
        raw = _raw(data)
        if raw is None or len(raw) < _HEAD.size + _MAC_BYTES:
            return Forged()
        body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        if not any(hmac.compare_digest(mac, _mac(key, body)) for key in self._known_keys):
            return Forged()
        return self._read(body)

    def _read(self, body: bytes) -> Press | Outdated:
        version, letter, language, place, need, number = _HEAD.unpack_from(body)
        if version != VERSION:
            return Outdated()
        try:
            return Press(
                Action(letter.decode()),
                self._codes[language],
                self._codes[place],
                self._codes[need],
                number,
                _unpacked(body[_HEAD.size :]),
            )
        except (KeyError, ValueError):
            return Outdated()


def _button_key(key: bytes) -> bytes:
    return hashlib.blake2b(b"orienta button", key=hashlib.blake2b(key).digest()).digest()


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()[:_MAC_BYTES]


def mark_of(code: str | None) -> int:
    """A number of 16 bits that stands for a code, the same in every version; 0 for none."""
    return 0 if code is None else (zlib.crc32(code.encode()) % 0xFFFF) + 1


def _packed(item: str) -> bytes:
    if len(item) == 36 and item.count("-") == 4 and item == item.lower():
        try:
            packed = bytes.fromhex(item.replace("-", ""))
        except ValueError:
            packed = b""
        if _dashed(packed) == item:
            return _UUID + packed
    raw = item.encode()
    if len(raw) > MAX_ITEM_BYTES or raw.startswith(_UUID):
        raise ValueError(f"an item of {len(raw)} bytes does not fit into a button")
    return raw


def _unpacked(raw: bytes) -> str:
    return _dashed(raw[1:]) if raw.startswith(_UUID) else raw.decode()


def _dashed(raw: bytes) -> str:
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _raw(data: str) -> bytes | None:
    if not 0 < len(data) <= MAX_CHARACTERS or not data.isascii():
        return None
    try:
        raw = base64.b64decode(data + "=" * (-len(data) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    # One button has one spelling: unused trailing bits must not make a second.
    return raw if base64.urlsafe_b64encode(raw).decode().rstrip("=") == data else None
