"""Buttons: small, signed, the same every time, and sensible about what is not theirs."""

from __future__ import annotations

import base64
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.buttons import MAX_CHARACTERS, MAX_ITEM_BYTES, Action, Buttons, Forged, Outdated, Press
from bot.conversation.table import Trigger
from bot.turn.pressing import TRIGGERS, hear_press
from content.library import Library
from tests.bot.doubles import codes_of

CODES = ("es", "pt", "quito", "sao-paulo", "shelter.temporary", "protection.gender_violence")
BUTTONS = Buttons(b"a key of more than thirty-two bytes!", CODES)
code = st.none() | st.sampled_from(CODES)
item = st.text(max_size=MAX_ITEM_BYTES).filter(
    lambda text: len(text.encode()) <= MAX_ITEM_BYTES and text[:1] != "\0"
)
press = st.builds(
    Press, st.sampled_from(Action), code, code, code, st.integers(0, 255), item | st.uuids().map(str)
)


@given(press)
def test_a_button_says_what_was_put_into_it_in_at_most_64_bytes(given_press: Press) -> None:
    """
    Whatever is sealed comes back as it was, fits into Telegram's 64 bytes, and is the same every time.
    """
    data = BUTTONS.seal(given_press)
    assert len(data.encode()) <= MAX_CHARACTERS
    assert BUTTONS.open(data) == given_press
    assert BUTTONS.seal(given_press) == data


@given(press, st.integers(0, 63), st.integers(1, 63))
def test_whoever_changes_a_character_gets_nothing(given_press: Press, where: int, by: int) -> None:
    """
    A changed character is noticed, wherever it stands.
    """
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    data = BUTTONS.seal(given_press)
    at = where % len(data)
    changed = data[:at] + alphabet[(alphabet.index(data[at]) + by) % 64] + data[at + 1 :]
    assert BUTTONS.open(changed) == Forged()


@given(st.text(max_size=80) | st.binary(max_size=48).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_anything_at_all_can_be_opened(data: str) -> None:
    """
    Nothing that arrives as a button raises, and nothing that we did not seal is believed.
    """
    assert BUTTONS.open(data) in (Forged(), Outdated())


def test_a_button_of_another_key_is_forged() -> None:
    """
    Another installation's buttons are not ours.
    """
    data = Buttons(b"another key of thirty-two bytes....", CODES).seal(Press(Action.MENU))
    assert BUTTONS.open(data) == Forged()


def test_a_button_of_an_earlier_key_says_what_it_said_until_that_key_is_forgotten() -> None:
    """
    After the secret key was exchanged buttons in people's chats go on; later they lead to the menu, like any old one.
    """
    old, new = b"a key of more than thirty-two bytes!", b"another key of thirty-two bytes...."
    asked = Press(Action.ANSWER, "es", "quito", "shelter.temporary")
    kept = Buttons(old, CODES).seal(asked)
    beside = Buttons(new, CODES, [old])
    assert beside.open(kept) == asked
    assert Buttons(new, CODES).open(beside.seal(asked)) == asked
    forgotten = Buttons(new, CODES).open(kept)
    assert forgotten == Forged()
    assert hear_press(forgotten).trigger is Trigger.OLD_BUTTON_PRESSED


def test_a_button_about_a_code_that_is_gone_is_outdated() -> None:
    """
    A place or need that was taken out of the content makes its buttons old, not wrong.
    """
    data = BUTTONS.seal(Press(Action.ANSWER, "es", "quito", "shelter.temporary"))
    assert Buttons(b"a key of more than thirty-two bytes!", CODES[:2]).open(data) == Outdated()


def test_a_button_of_another_version_is_outdated(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    After a change of the format, buttons in people's chats still get an answer.
    """
    monkeypatch.setattr("bot.buttons.VERSION", 9)
    data = Buttons(b"a key of more than thirty-two bytes!", CODES).seal(Press(Action.MENU))
    monkeypatch.undo()
    assert BUTTONS.open(data) == Outdated()


def test_an_item_that_does_not_fit_is_refused_when_sealing() -> None:
    """
    A button is never sent that Telegram would refuse.
    """
    with pytest.raises(ValueError, match="does not fit"):
        BUTTONS.seal(Press(Action.TOLD, item="x" * (MAX_ITEM_BYTES + 1)))
    assert BUTTONS.seal(Press(Action.TOLD, item=str(uuid.UUID(int=7))))


def test_no_two_codes_share_a_mark(library: Library) -> None:
    """
    Every code of the content has a mark of its own; a clash would be told at the start.
    """
    assert Buttons(b"k" * 32, codes_of(library))


def test_every_action_of_a_button_is_heard() -> None:
    """
    No button of ours is without a meaning.
    """
    assert set(TRIGGERS) == set(Action)
    assert all(hear_press(Press(action)).trigger is TRIGGERS[action] for action in Action)
