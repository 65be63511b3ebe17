"""Referral slips in the chat: give one for a door, and say what became of one whose code is typed.

A slip holds a need, a service, a place and a day. Its code is shown and forgotten here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.buttons import Action
from bot.replies import Button, Reply
from bot.turn import keyboard
from bot.turn.answering import page_of_doors
from bot.turn.scene import Performed, Scene
from referrals.doors import Door
from referrals.slip_words import status_in_words
from referrals.slips import Slip

_MOST_SLIPS = 8  # in one conversation: enough for a family's day, too few to fill a database
_MOST_MISSES = 5


async def give_slip(scene: Scene) -> Performed:
    """For the door that was chosen; otherwise ask for which one."""
    if scene.house.slips is None or scene.need is None or scene.place is None:
        return Performed((scene.reply(scene.w("First tell me what you need."), [keyboard.menu(scene)]),))
    if scene.heard.item:
        return await _issue(scene, scene.need, scene.heard.item)
    doors = (await page_of_doors(scene, scene.need, scene.place, scene.heard.number)).doors
    if len(doors) == 1:
        return await _issue(scene, scene.need, doors[0].service_id)
    buttons = [
        button
        for door in doors
        for button in keyboard.door(scene, Action.SLIP, door.service_id, door.name, scene.need)
    ]
    text = scene.w("For which place do you want the slip?")
    return Performed((scene.reply(text, [*buttons, keyboard.menu(scene)], need=scene.need),))


async def explain_slip(scene: Scene) -> Performed:
    """How to ask what became of a slip."""
    text = scene.w("Write the code of the slip here, and I tell you what the place has marked.")
    return Performed((scene.reply(text, [keyboard.menu(scene)]),))


async def tell_slip(scene: Scene) -> Performed:
    """What the desk marked, to whoever knows the code."""
    if scene.house.slips is None or not scene.heard.item:
        text = scene.w("This is not a whole code, or one of its letters is wrong. Please look at it again.")
        return Performed((scene.reply(text, [keyboard.menu(scene)]),))
    if scene.memory.slip_misses >= _MOST_MISSES:
        text = scene.w("There were too many codes that I do not know. Please try again tomorrow.")
        return Performed((scene.reply(text, [keyboard.menu(scene)]),))
    slip = await scene.house.slips.find(scene.heard.item, scene.moment)
    if slip is None:
        memory = replace(scene.memory, slip_misses=scene.memory.slip_misses + 1)
        text = scene.w("I do not know this code. It may be too old, or one of its letters is wrong.")
        return Performed((scene.reply(text, [keyboard.menu(scene)]),), memory=memory)
    return Performed((await _state(scene, slip),))


async def _issue(scene: Scene, need: str, service_id: str) -> Performed:
    slips, place = scene.house.slips, scene.place
    assert slips is not None
    assert place is not None
    if scene.memory.slips >= _MOST_SLIPS:
        text = scene.w("You have many slips already. They are good for thirty days.")
        return Performed((scene.reply(text, [keyboard.menu(scene)]),))
    code = await slips.issue(service_id, need, place.code, scene.moment)
    door = await scene.house.directory.service(service_id, scene.language, place.code, scene.moment)
    if code is None or door is None:
        text = scene.w("This place is not in our list any more.")
        return Performed((scene.reply(text, [keyboard.menu(scene)]),))
    memory = replace(scene.memory, slips=scene.memory.slips + 1)
    return Performed((_slip_text(scene, need, door, code), _square(scene, code)), memory=memory)


def _slip_text(scene: Scene, need: str, door: Door, code: str) -> Reply:
    w = scene.w
    lines = [
        w("# Referral slip"), code, door.name, scene.title(need),
        w("Given out on {day}, good for thirty days.", day=w.date(_today(scene))), "",
        w("Show the code at the place, or call and say it. Your name is not in it."),
        w("It says what you look for. It is no right to be attended and no appointment."),
        w("Keep the code: later you can write it here, and I tell you what the place marked."),
    ]  # fmt: skip
    if scene.house.desk_url:
        lines.append(w("The place marks it here: {address}", address=scene.house.desk_url))
    asking = scene.button(Action.SLIP_STATE, w("What became of my slip?"))
    buttons = [asking, keyboard.menu(scene)]
    return scene.reply("\n".join(lines), buttons, need=need, services=(door.service_id,))


def _square(scene: Scene, code: str) -> Reply:
    url = scene.house.desk_url
    said = f"{url}?code={code}" if url else code
    return scene.reply(code, kind="image", square=said, title=scene.w("Square code of the slip"))


async def _state(scene: Scene, slip: Slip) -> Reply:
    sent_to = None
    if slip.sent_to:
        sent_to = await scene.house.directory.service(slip.sent_to, scene.language, slip.place, scene.moment)
    words = status_in_words(slip, scene.w, sent_to.name if sent_to else None)
    buttons: list[Button] = []
    if sent_to:
        buttons += keyboard.door(scene, Action.SERVICE, sent_to.service_id, sent_to.name)
    if slip.status in ("refused", "expired") and slip.need in scene.library.taxonomy.needs:
        label = scene.w("Other places for this")
        buttons.append(scene.button(Action.ANSWER, label, need=slip.need, place=slip.place))
    title = scene.title(slip.need) if slip.need in scene.library.taxonomy.needs else ""
    text = "\n".join(line for line in (f"# {slip.service}", title, words) if line)
    return scene.reply(text, [*buttons, keyboard.menu(scene)], services=(slip.service_id,))


def _today(scene: Scene) -> date:
    return scene.local(scene.place).date() if scene.place else scene.moment.date()
