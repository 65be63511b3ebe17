"""A linked chat gives the code of its owner's app before it changes something, and then what was asked is done.

What was asked waits a few minutes in memory: nothing is typed twice. A code is never kept, and its message is removed
where the face can.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.buttons import Action
from bot.conversation.events import Event, TextSaid
from bot.conversation.hearing import Heard
from bot.conversation.memory import Held, Memory
from bot.conversation.table import Step
from bot.turn.scene import Performed, Scene
from console.proof import Answer, Given, State

WAITS = timedelta(minutes=5)
# Six digits, in groups or not, or a whole recovery code; nothing else that somebody writes is taken for a code.
_CODE = re.compile(r"\s*(?:\d{3}\s?\d{3}|[a-z2-9]{7}(?:-[a-z2-9]{7}){3})\s*", re.IGNORECASE | re.ASCII)
Perform = Callable[[Scene], Awaitable[Performed]]


def types_code(event: Event, memory: Memory) -> bool:
    """Whether a caseworker writes a code. A number that they were asked for, to correct a telephone, is none."""
    if not isinstance(event, TextSaid) or event.caseworker is None or not _CODE.fullmatch(event.text):
        return False
    return memory.held is not None or memory.correcting is None


async def ask_first(scene: Scene, step: Step) -> Performed | None:
    """Ask for the code, and keep what was asked until it comes; None when the chat has proven it."""
    proof, worker = scene.house.proof, scene.caseworker
    if proof is None or worker is None:
        return _without(scene)
    state = await proof.state(worker.email)
    if state is State.PROVEN:
        return None
    if state is State.WITHOUT:
        return _without(scene)
    held = Held(
        worker.email, step.value, scene.heard.number, scene.heard.item, scene.memory.change, scene.moment + WAITS
    )  # fmt: skip
    return _asking(scene, _ask(scene), replace(scene.memory, held=held))


async def take_proof(scene: Scene, then: Mapping[Step, Perform]) -> Performed:
    """Look at the code; when it is right, do at once what waited for it."""
    proof, worker, held = scene.house.proof, scene.caseworker, scene.memory.held
    if (
        proof is None
        or worker is None
        or held is None
        or worker.email != held.email
        or held.until < scene.moment
    ):
        text = scene.w("Nothing waits for a code any more. Please write again what changed.")
        return _unsaid(_asking(scene, text, replace(scene.memory, held=None), buttons=False))
    given = await proof.give(worker.email, scene.text)
    if given.answer is Answer.WITHOUT:
        return _unsaid(_without(scene))
    if given.answer is not Answer.RIGHT:
        return _unsaid(_asking(scene, _refused(scene, given), scene.memory))
    heard = Heard(scene.heard.trigger, number=held.number, item=held.item)
    memory = replace(scene.memory, held=None, change=held.change)
    done = await then[Step(held.step)](replace(scene, heard=heard, memory=memory, text=""))
    return _unsaid(replace(done, memory=done.memory or memory))


def _ask(scene: Scene) -> str:
    return scene.w(
        "# The code of your authenticator app\n"
        "Before a change, once in twelve hours, I ask for the second step as the console does. Write the six digits"
        " that the app shows now, and I do at once what you asked. I wait for five minutes."
    )


def _asking(scene: Scene, text: str, memory: Memory, *, buttons: bool = True) -> Performed:
    drop = [scene.button(Action.DROP_CHANGE, scene.w("Change nothing"))] if buttons else []
    return Performed((scene.reply(text, drop),), memory=memory)


def _without(scene: Scene) -> Performed:
    text = scene.w(
        "To change something from here your account in the console needs its second step, and it has none. Sign in to"
        " the console and set up the authenticator app, or ask who administers this installation for an invitation."
        " What you can read here stays as it is."
    )
    return Performed((scene.reply(text),), memory=replace(scene.memory, held=None))


def _refused(scene: Scene, given: Given) -> str:
    w = scene.w
    if given.answer is Answer.WAIT:
        return w.plural(
            "Too many attempts. Wait {count} second, then try again.",
            "Too many attempts. Wait {count} seconds, then try again.", given.seconds,
        )  # fmt: skip
    if given.answer is Answer.USED:
        return w("This code was used already. Wait until the app shows the next one.")
    if given.answer is Answer.LOCKED:
        return w(
            "Your authenticator app cannot be used, because the secret key of this installation was changed."
            " Use a recovery code, or ask who administers this installation for a new invitation."
        )
    return w(
        "The code is not right, or its half minute is over. Type the one that the app shows now. If this comes again,"
        " the clock of your telephone may be wrong: turn on automatic date and time in its settings."
        " Our clock says {time}.", time=_clock(scene),
    )  # fmt: skip


def _clock(scene: Scene) -> str:
    """The time with its seconds, on the clock of the caseworker's first place."""
    codes = scene.caseworker.places if scene.caseworker else ()
    place = next((one for one in scene.library.places.all if {one.code, one.country} & set(codes)), None)
    return f"{scene.local(place):%H:%M:%S}" if place else f"{scene.moment:%H:%M:%S} UTC"


def _unsaid(performed: Performed) -> Performed:
    """With the code, its message goes."""
    first, *rest = performed.replies
    return replace(performed, replies=(replace(first, unsay=True), *rest))
