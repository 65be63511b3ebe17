"""What linked caseworkers do from their chat: a change is shown, confirmed by a button, and written with their e-mail.

Nobody else gets here: without a linked chat every one of these steps says so and does nothing. Whatever changes
something asks for the second factor first.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.buttons import Action
from bot.conversation.table import Step
from bot.replies import Button, Reply
from bot.turn import keyboard
from bot.turn.house import Upkeep
from bot.turn.proving import ask_first
from bot.turn.scene import Performed, Scene
from bot.turn.telling import TOLD
from content.wording import N_
from referrals.change_words import Change, change_of, read_change
from referrals.clocks import day_in
from referrals.upkeep import Difference, NotYoursError

_MOST_CHOICES = 5
_MOST_WORK = 5
_KINDS = {
    "closed": N_("closed"),
    "open": N_("closed"),
    "full": N_("full"),
    "room": N_("full"),
    "phone": N_("telephones"),
}
_WRONG = {
    "phone": N_("the telephone is wrong"),
    "address": N_("the address is wrong"),
    "hours": N_("the hours are wrong"),
    "gone": N_("it does not exist any more"),
    "papers": N_("they ask for other papers"),
}


async def show_change(scene: Scene) -> Performed:
    """The difference that a change would make, with a button to confirm; which service, when the name is not clear."""
    upkeep, places = scene.house.upkeep, _places(scene)
    if upkeep is None or not places:
        return _not_linked(scene)
    if scene.heard.item and scene.memory.change:
        _, kind, value = scene.memory.change
        return await _confirm(scene, upkeep, scene.heard.item, change_of(kind, value))
    change = read_change(scene.text, day_in(places[0], scene.library.places, scene.moment))
    if change is None:
        text = scene.w(
            'I could not read the day. Write it like "Casa Azul full until 30/11" or "Casa Azul closed today".'
        )
        return Performed((scene.reply(text),))
    found = await _named(scene, change.name, places)
    if len(found) == 1:
        return await _confirm(scene, upkeep, found[0][0], change)
    memory = replace(scene.memory, change=("", change.kind, change.value))
    return Performed((_which(scene, found),), memory=memory) if found else _unnamed(scene)


async def apply_change(scene: Scene) -> Performed:
    """Write the change that waits, once."""
    upkeep, places, worker = scene.house.upkeep, _places(scene), scene.caseworker
    if upkeep is None or not places or worker is None:
        return _not_linked(scene)
    waiting = scene.memory.change
    if waiting is None or not waiting[0] or _mark(waiting) != scene.heard.number:
        text = scene.w("This change does not wait any more. Please write it again.")
        return Performed((scene.reply(text),))
    if asked := await ask_first(scene, Step.APPLY_CHANGE):
        return asked
    service, kind, value = waiting
    try:
        difference = await upkeep.apply(service, change_of(kind, value), scene.moment, places, worker.email)
    except NotYoursError:
        return _unnamed(scene)
    lines = [scene.w("# Done: {service}", service=difference.name), *_lines(scene, difference)]
    lines.append(scene.w("It is in the history with your e-mail. People see it within seconds."))
    return Performed((scene.reply("\n".join(lines)),), memory=replace(scene.memory, change=None))


async def drop_change(scene: Scene) -> Performed:
    """Forget the change that waits, for a confirmation or for a code."""
    reply = scene.reply(scene.w("Nothing was changed."))
    return Performed((reply,), memory=replace(scene.memory, change=None, held=None))


async def show_work(scene: Scene) -> Performed:
    """What people reported and proposed about the services of the caseworker's places."""
    upkeep, places = scene.house.upkeep, _places(scene)
    if upkeep is None or not places:
        return _not_linked(scene)
    lines, buttons = await _reports(scene, upkeep, places)
    more, deciding = await _proposals(scene, places)
    if not lines and not more:
        return Performed((scene.reply(scene.w("Nothing waits for you.")),))
    text, numbered = "\n".join([*lines, *more]), tuple(enumerate(deciding, start=1))
    return Performed((scene.reply(text, [*buttons, *deciding], numbered=numbered),))


async def mark_reviewed(scene: Scene) -> Performed:
    """The caseworker looked, and nothing has to be changed."""
    upkeep, places = scene.house.upkeep, _places(scene)
    if upkeep is None or not places:
        return _not_linked(scene)
    if asked := await ask_first(scene, Step.MARK_REVIEWED):
        return asked
    if not await upkeep.reviewed(scene.heard.item, places):
        return _unnamed(scene)
    return Performed((scene.reply(scene.w("Noted: you looked at it. New reports count anew.")),))


async def close_proposal(scene: Scene) -> Performed:
    """Close a proposal. Accepting it changes nothing by itself: the change is written as any other."""
    proposals, places = scene.house.proposals, _places(scene)
    if proposals is None or not places:
        return _not_linked(scene)
    if asked := await ask_first(scene, Step.CLOSE_PROPOSAL):
        return asked
    mine = {one.number for one in await proposals.open_ones(places)}
    number = int(scene.heard.item) if scene.heard.item.isdecimal() else 0
    if number not in mine or not await proposals.decide(number, accepted=bool(scene.heard.number)):
        return Performed((scene.reply(scene.w("This proposal does not wait any more.")),))
    return Performed((scene.reply(scene.w("The proposal is closed.")),))


def _places(scene: Scene) -> tuple[str, ...]:
    return scene.caseworker.places if scene.caseworker else ()


def _not_linked(scene: Scene) -> Performed:
    text = scene.w("This is only for caseworkers who linked their chat.")
    return Performed((scene.reply(text, [keyboard.menu(scene)]),))


def _unnamed(scene: Scene) -> Performed:
    text = scene.w(
        'I do not find this service among yours. Write its name first, as in "Casa Azul closed today".'
    )
    return Performed((scene.reply(text),))


async def _named(scene: Scene, name: str, places: Sequence[str]) -> list[tuple[str, str]]:
    """Services of the caseworker's places by name; one when the whole name was written."""
    if not name:
        return []
    found: dict[str, str] = {}
    for place in places:
        if place in scene.library.places:
            for door in await scene.house.directory.search(name, place, scene.language):
                if door.place in places:
                    found[door.service_id] = door.name
    exact = [(code, known) for code, known in found.items() if known.casefold() == name.casefold()]
    return exact if len(exact) == 1 else list(found.items())[:_MOST_CHOICES]


def _which(scene: Scene, found: Sequence[tuple[str, str]]) -> Reply:
    buttons = [b for code, name in found for b in keyboard.door(scene, Action.CHANGE_OF, code, name)]
    return scene.reply(
        scene.w("Which service is it?"),
        [*buttons, scene.button(Action.DROP_CHANGE, scene.w("None of these"))],
    )


async def _confirm(scene: Scene, upkeep: Upkeep, service: str, change: Change) -> Performed:
    try:
        difference = await upkeep.preview(service, change, scene.moment, _places(scene))
    except NotYoursError:
        return _unnamed(scene)
    if not difference.is_one:
        text = scene.w("It stands there already: nothing would change.")
        return Performed((scene.reply(f"# {difference.name}\n{text}"),))
    waiting = (service, change.kind, change.value)
    text = "\n".join([f"# {difference.name}", *_lines(scene, difference)])
    buttons = [
        scene.button(Action.CONFIRM_CHANGE, scene.w("Yes, change it"), number=_mark(waiting)),
        scene.button(Action.DROP_CHANGE, scene.w("No")),
    ]
    return Performed((scene.reply(text, buttons),), memory=replace(scene.memory, change=waiting))


def _mark(waiting: tuple[str, str, str]) -> int:
    """A number for the button, so that it confirms the change it was shown with and no later one."""
    return zlib.crc32("\n".join(waiting).encode()) % 256


def _lines(scene: Scene, difference: Difference) -> list[str]:
    w = scene.w
    what = w(_KINDS[difference.kind])
    return [
        w("Before: {what}: {values}", what=what, values=_values(scene, difference.before)),
        w("After: {what}: {values}", what=what, values=_values(scene, difference.after)),
    ]


def _values(scene: Scene, values: Sequence[str]) -> str:
    return ", ".join(_value(scene, value) for value in values) or scene.w("no")


def _value(scene: Scene, value: str) -> str:
    w = scene.w
    if "/" in value:
        starts, _, ends = value.partition("/")
        first = w.date(date.fromisoformat(starts))
        if not ends:
            return w("from {first} until further notice", first=first)
        return w("from {first} to {last}", first=first, last=w.date(date.fromisoformat(ends)))
    if len(value) == 10 and value[4] == "-" and value[7] == "-":
        return w("until {day}", day=w.date(date.fromisoformat(value)))
    return value


async def _reports(scene: Scene, upkeep: Upkeep, places: Sequence[str]) -> tuple[list[str], list[Button]]:
    told = dict(TOLD)
    troubles = list(await upkeep.flagged(scene.moment, places))[:_MOST_WORK]
    lines = [scene.w("# People reported")] if troubles else []
    buttons = []
    for trouble in troubles:
        said = scene.w(told[trouble.kind])
        lines.append(
            scene.w(
                "{service}: “{said}”, {count} times", service=trouble.name, said=said, count=trouble.count
            )
        )
    for code, name in {trouble.service_id: trouble.name for trouble in troubles}.items():
        label = scene.w("I looked at: {service}", service=name)
        buttons.append(scene.button(Action.REVIEWED, keyboard.shortened(label), item=code))
    return lines, buttons


async def _proposals(scene: Scene, places: Sequence[str]) -> tuple[list[str], list[Button]]:
    proposals = (
        list(await scene.house.proposals.open_ones(places))[:_MOST_WORK] if scene.house.proposals else []
    )
    lines = [scene.w("# People say that something is wrong")] if proposals else []
    buttons = []
    for number, one in enumerate(proposals, 1):
        value = f" → {one.value}" if one.value else ""
        lines.append(f"{number}. {one.name}: {scene.w(_WRONG[one.field])}{value} ({one.count})")
        label = scene.w("Close {number}", number=number)
        buttons.append(scene.button(Action.DECIDE, label, number=1, item=str(one.number)))
    return lines, buttons
