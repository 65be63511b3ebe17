"""A button chosen in words: the press itself, so that nothing of it can differ from pressing.

Danger is read first: a message with a word of danger in it is never taken for a choice.
"""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.events import ButtonPressed, ChoiceMissed, Event, TextSaid
from bot.conversation.memory import Memory
from bot.conversation.offers import Chosen, Missed, buttons_of, choice_in
from bot.turn.proving import types_code
from bot.turn.scene import Performed, Scene
from nlu.danger import danger_rules


def as_choice(event: Event, memory: Memory) -> Event:
    """The press that a message means, or the miss of one; the event itself when it chooses nothing."""
    if not isinstance(event, TextSaid) or types_code(event, memory):
        return event
    choice = choice_in(event.text, memory.offered, memory.language)
    if choice is None or danger_rules().of(event.text):
        return event
    chosen = _pressed(choice) if isinstance(choice, Chosen) else _missed(choice, memory)
    return replace(chosen or event, language_hint=event.language_hint, caseworker=event.caseworker)


def _pressed(choice: Chosen) -> Event:
    """The press; of a button that does its work on the phone itself no message is one."""
    return (
        ButtonPressed(choice.button.data) if choice.button.data else ChoiceMissed(label=choice.button.label)
    )


def _missed(choice: Missed, memory: Memory) -> Event | None:
    """Nothing when a new address or telephone was asked for: that may be a number."""
    return ChoiceMissed(choice.number) if memory.correcting is None else None


async def repeat_choices(scene: Scene) -> Performed:
    """Which numbers there are, and the same choices again; what only works by pressing is named."""
    buttons = buttons_of(scene.memory.offered)
    if scene.heard.item:
        text = scene.w("“{label}” only works by pressing it.", label=scene.heard.item)
    else:
        text = scene.w("There is no {number} to choose here.", number=scene.heard.number)
    how = (
        scene.w("Write a number from 1 to {last}, or your question in your own words.", last=len(buttons))
        if len(buttons) > 1
        else scene.w("Write 1, or your question in your own words.")
    )
    return Performed((scene.reply(f"{text} {how}", buttons),))
