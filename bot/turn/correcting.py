"""Corrections in two taps: something is wrong, and what. The new value may be typed; nothing is changed by it."""

from __future__ import annotations

from dataclasses import replace

from bot.buttons import Action
from bot.turn import keyboard
from bot.turn.scene import Performed, Scene
from content.wording import N_
from referrals.corrections import WITH_VALUE, WRONG, clean_value

_LABELS = {
    "phone": N_("The telephone is wrong"),
    "address": N_("It moved: the address is wrong"),
    "hours": N_("The hours are wrong"),
    "gone": N_("It does not exist any more"),
    "papers": N_("They ask for other papers"),
}
_ASK_VALUE = {
    "phone": N_("If you know the new telephone, write it now, alone. If not, you need not do anything."),
    "address": N_("If you know the new address, write it now, alone. If not, you need not do anything."),
}


async def ask_wrong(scene: Scene) -> Performed:
    """What is wrong, out of a closed list."""
    service = scene.heard.item
    if not service or scene.house.proposals is None:
        return Performed((scene.reply(scene.w("Thank you."), [keyboard.menu(scene)]),))
    buttons = [
        scene.button(Action.CORRECT, scene.w(_LABELS[field]), need=scene.need, number=number, item=service)
        for number, field in enumerate(WRONG)
    ]
    return Performed((scene.reply(scene.w("What is wrong?"), [*buttons, keyboard.menu(scene)]),))


async def propose_correction(scene: Scene) -> Performed:
    """Once for each service and field; a caseworker looks at it."""
    number, service = scene.heard.number, scene.heard.item
    if not service or number >= len(WRONG) or scene.house.proposals is None:
        return Performed((scene.reply(scene.w("Thank you."), [keyboard.menu(scene)]),))
    field = WRONG[number]
    mark = (service, f"wrong {field}")
    if mark not in scene.memory.told:
        await scene.house.proposals.propose(service, field, scene.moment)
    lines = [scene.w("Thank you. A person who knows the place will look at it before we change it.")]
    if field in WITH_VALUE:
        lines.append(scene.w(_ASK_VALUE[field]))
    memory = replace(
        scene.memory,
        told=scene.memory.told | {mark},
        correcting=(service, field) if field in WITH_VALUE else None,
    )
    return Performed((scene.reply("\n".join(lines), [keyboard.menu(scene)]),), memory=memory)


async def add_value(scene: Scene) -> Performed:
    """The new value, beside what was said before."""
    if scene.memory.correcting and scene.house.proposals is not None:
        service, field = scene.memory.correcting
        if value := clean_value(field, scene.text):
            await scene.house.proposals.propose(service, field, scene.moment, value)
    text = scene.w("Thank you. I have passed it on, without anything about you.")
    memory = replace(scene.memory, correcting=None)
    return Performed((scene.reply(text, [keyboard.menu(scene)]),), memory=memory)
