"""What came of a door: helped, closed, full, refused. One press each; it teaches the directory, not about people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.buttons import Action
from bot.replies import Button, Reply
from bot.turn import keyboard
from bot.turn.answering import page_of_doors
from bot.turn.scene import Performed, Scene
from content.wording import N_
from referrals.doors import Door

# The order is part of the buttons: add at the end, never change it.
TOLD: tuple[tuple[str, str], ...] = (
    ("helped", N_("Yes, they helped me")),
    ("closed", N_("It was closed")),
    ("full", N_("It was full")),
    ("refused", N_("They refused me")),
    ("asked_for_paper", N_("They asked for a paper I do not have")),
    ("asked_for_money", N_("They asked for money")),
    ("could_not_get_there", N_("I could not get there")),
)
_AFTER = {
    "helped": N_("Thank you, that is good to know."),
    "asked_for_money": N_(
        "Thank you for telling me. Nobody should ask for money for a service that is free."
    ),
    "refused": N_("I am sorry. You have the right to ask why, and to ask a free lawyer."),
    "asked_for_paper": N_("I am sorry. Ask what to do without that paper, or ask a free lawyer."),
}


async def ask_outcome(scene: Scene) -> Performed:
    """Of which door, when there were several; then what came of it."""
    if scene.heard.item:
        return Performed((_question(scene, scene.heard.item),))
    doors = await _doors(scene)
    if len(doors) == 1:
        return Performed((_question(scene, doors[0].service_id, doors[0].name),))
    buttons = [
        button
        for door in doors
        for button in keyboard.door(scene, Action.DOOR, door.service_id, door.name, scene.need)
    ]
    if not buttons:
        text = scene.w("Thank you. Tell me what you needed, and I look for another place.")
        return Performed((scene.reply(text, [keyboard.menu(scene), keyboard.human(scene)]),))
    text = scene.w("Which place is it about?")
    return Performed((scene.reply(text, [*buttons, keyboard.menu(scene)], need=scene.need),))


async def record_outcome(scene: Scene) -> Performed:
    """Once for each door and outcome, however often it is pressed."""
    number, service = scene.heard.number, scene.heard.item
    if not service or number >= len(TOLD):
        return Performed((scene.reply(scene.w("Thank you."), [keyboard.menu(scene)]),))
    code = TOLD[number][0]
    if (service, code) in scene.memory.told:
        return Performed((scene.reply(scene.w("You told me already. Thank you."), _next(scene, code)),))
    await scene.house.recorder.record(service, code, scene.moment)
    memory = replace(scene.memory, told=scene.memory.told | {(service, code)})
    text = scene.w(
        _AFTER.get(
            code, N_("Thank you for telling me. It helps the next person. Here is what you can do now:")
        )
    )
    return Performed(
        (scene.reply(text, _next(scene, code), need=scene.need, services=(service,)),), memory=memory
    )


def _next(scene: Scene, code: str) -> list[Button]:
    buttons: list[Button] = []
    if code != "helped" and scene.need:
        buttons.append(scene.button(Action.MORE, scene.w("Other places for this"), need=scene.need, number=1))
    if code in ("refused", "asked_for_paper", "asked_for_money"):
        buttons += keyboard.needs(scene, ["legal.advice"])
    return [*buttons, keyboard.menu(scene)]


def _question(scene: Scene, service: str, name: str = "") -> Reply:
    title = f"# {name}\n" if name else ""
    buttons = [
        scene.button(Action.TOLD, scene.w(label), need=scene.need, number=number, item=service)
        for number, (_, label) in enumerate(TOLD)
    ]
    if scene.house.proposals is not None:
        label = scene.w("Something is wrong in the list")
        buttons.append(scene.button(Action.WRONG, label, need=scene.need, item=service))
    return scene.reply(title + scene.w("What came of it?"), buttons, need=scene.need, services=(service,))


async def _doors(scene: Scene) -> Sequence[Door]:
    if scene.place is None or scene.need is None:
        return ()
    return (await page_of_doors(scene, scene.need, scene.place, scene.heard.number)).doors
