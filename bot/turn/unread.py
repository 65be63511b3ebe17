"""What becomes of a message that was not understood: words that many say are counted, and its writer may send it on.

Never where danger or a need of protection has come up in the conversation, and never for linked caseworkers. What is
held for sending is already redacted; it waits until the next message and is written nowhere.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

from bot.buttons import Action
from bot.conversation.events import Event, TextSaid
from bot.conversation.hearing import DANGER_LABEL, Heard
from bot.conversation.memory import Memory
from bot.conversation.table import Trigger
from bot.logs import describe, get_log
from bot.replies import Button, Reply
from bot.turn.house import Unread
from bot.turn.scene import Performed, Scene
from content.library import Library
from demand.outcomes import Outcome
from demand.redaction import redacted, worth_sending
from nlu.danger import danger_rules

_log = get_log("turn")
SENDS_A_DAY = 3
_LONGEST = 2_000
_UNREAD = frozenset({Trigger.NOT_UNDERSTOOD, Trigger.NEED_UNSURE})
_PROTECTION = "protection"


def is_guarded(memory: Memory, heard: Heard, library: Library) -> bool:
    """Whether danger or a need of protection came up, in this turn or before in this conversation."""
    if memory.guarded or memory.pending_danger or heard.danger or heard.item == _PROTECTION:
        return True
    codes = (
        heard.need, *heard.others, *heard.candidates, *heard.near,
        memory.need, memory.pending, *memory.pending_others,
    )  # fmt: skip
    needs = (library.taxonomy.needs.get(code or "") for code in codes)
    if DANGER_LABEL in codes:
        return True
    return any(need.sensitive or need.sector == _PROTECTION for need in needs if need is not None)


def may_be_listened_to(memory: Memory, heard: Heard, event: Event) -> bool:
    """Whether this is a message that was not understood, of somebody who asks, without a word of danger in it."""
    return (
        isinstance(event, TextSaid)
        and event.caseworker is None
        and heard.trigger in _UNREAD
        and not memory.guarded
        and danger_rules().of(event.text[:_LONGEST]) is None
    )


def with_sentence(
    memory: Memory, heard: Heard, event: Event, library: Library, unread: Unread | None
) -> Memory:
    """The memory with the redacted sentence that may be sent, if there is one."""
    if unread is None or not isinstance(event, TextSaid) or memory.sent >= SENDS_A_DAY:
        return memory
    if not may_be_listened_to(memory, heard, event):
        return memory
    names = [name for place in library.places.all for name in place.names.values()]
    sentence = redacted(event.text[:_LONGEST], unread.known, names)
    if not worth_sending(sentence) or danger_rules().of(sentence):
        return memory
    return replace(memory, sentence=sentence)


def listen(scene: Scene, event: Event, person: bytes) -> None:
    """Hand the harmless words of a message that was not understood to the count of words."""
    unread = scene.house.unread
    if unread is None or scene.heard.trigger is not Trigger.NOT_UNDERSTOOD:
        return
    if not isinstance(event, TextSaid) or not may_be_listened_to(scene.memory, scene.heard, event):
        return
    try:
        unread.wordings.hear(event.text[:_LONGEST], person, scene.moment)
    except Exception as error:
        _log.error("count failed", part="demand", error=describe(error))


def offered(scene: Scene, outcome: Outcome, replies: list[Reply]) -> list[Reply]:
    """The replies with a button to send the sentence, after a turn that did not understand it."""
    if outcome is not Outcome.NOT_UNDERSTOOD or not scene.memory.sentence or not replies:
        return replies
    button = scene.button(Action.PREVIEW_SENTENCE, scene.w("Send it to those who improve this"))
    return [*replies[:-1], replace(replies[-1], buttons=(*replies[-1].buttons, button))]


async def preview_sentence(scene: Scene) -> Performed:
    """Exactly what would be sent, to whom and for how long; nothing goes without a second press."""
    sentence = scene.memory.sentence
    if not sentence or scene.house.unread is None:
        return _gone(scene)
    text = scene.w(
        "# Only this would be sent\n"
        "“{sentence}”\n\n"
        "It goes to the people who improve this assistant, with its language and the day. No name, no chat and no city"
        " go with it. It is deleted after seven days at most. If it still names somebody, do not send it.",
        sentence=sentence,
    )
    return Performed((scene.reply(text, _decision(scene, sentence)),))


def _decision(scene: Scene, sentence: str) -> list[Button]:
    return [
        scene.button(Action.SEND_SENTENCE, scene.w("Send it"), number=mark_of_sentence(sentence)),
        scene.button(Action.DROP_SENTENCE, scene.w("Do not send it")),
    ]


async def send_sentence(scene: Scene) -> Performed:
    """Send what was previewed, once."""
    sentence, unread = scene.memory.sentence, scene.house.unread
    memory = replace(scene.memory, sentence="")
    if not sentence or unread is None or scene.heard.number != mark_of_sentence(sentence):
        return _gone(scene)
    if scene.memory.sent >= SENDS_A_DAY or not unread.sentences.send(sentence, scene.language):
        text = scene.w("I cannot pass on more sentences today. Nothing was sent.")
        return Performed((scene.reply(text),), memory=memory)
    text = scene.w(
        "Thank you. It is passed on with the next day's figures, without anything about you. Nobody can find out later"
        " that it was yours, so it cannot be taken back."
    )
    return Performed((scene.reply(text),), memory=replace(memory, sent=memory.sent + 1))


async def drop_sentence(scene: Scene) -> Performed:
    """Forget the sentence."""
    text = scene.w("Nothing was sent, and I have forgotten the sentence.")
    return Performed((scene.reply(text),), memory=replace(scene.memory, sentence=""))


def _gone(scene: Scene) -> Performed:
    text = scene.w("I do not have this sentence any more. Nothing was sent.")
    return Performed((scene.reply(text),), memory=replace(scene.memory, sentence=""))


def mark_of_sentence(sentence: str) -> int:
    """A number by which a button knows its sentence again."""
    return zlib.crc32(sentence.encode()) % 251 + 1
