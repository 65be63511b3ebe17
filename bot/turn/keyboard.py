"""The buttons that several steps offer, each with its words in one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.buttons import Action
from bot.replies import Button
from bot.turn.scene import Scene
from referrals.doors import Door

LABEL = 48  # characters; longer labels are cut by phones in the middle of a word


def shortened(label: str) -> str:
    """A label that fits on a phone, cut between words."""
    if len(label) <= LABEL:
        return label
    return label[:LABEL].rsplit(" ", 1)[0].rstrip(" ,;:-–") + "…"


def menu(scene: Scene) -> Button:
    """All topics."""
    return scene.button(Action.MENU, scene.w("All topics"))


def other_place(scene: Scene, need: str | None = None) -> Button:
    """Choose another place, for the same need if there is one."""
    label = scene.w("Another city") if scene.place else scene.w("Choose my city")
    return scene.button(Action.ASK_PLACE, label, need=need)


def human(scene: Scene) -> Button:
    """Talk to a person."""
    return scene.button(Action.HUMAN, scene.w("Talk to a person"))


def safe_exit(scene: Scene) -> Button:
    """Erase this chat."""
    return scene.button(Action.SAFE_EXIT, scene.w("Erase this chat"))


def privacy(scene: Scene) -> Button:
    """What is kept and who can see it."""
    return scene.button(Action.PRIVACY, scene.w("Who can see this?"))


def programme(scene: Scene) -> list[Button]:
    """What the place set out to do for refugees, where it has such a programme."""
    place = scene.place
    if place is None or all(known.place != place.code for known in scene.library.collection.programmes):
        return []
    label = scene.w("The programme of {place}", place=place.name(scene.language))
    return [scene.button(Action.PROGRAMME, shortened(label), place=place.code)]


def languages_asked(scene: Scene) -> Button:
    """Change the language; the word stands in several languages so that everybody finds it."""
    return scene.button(Action.ASK_LANGUAGE, "Idioma · Language · Langue")


def needs(scene: Scene, codes: Iterable[str], place: str | None = None) -> list[Button]:
    """One button for each need."""
    return [
        scene.button(Action.ANSWER, shortened(scene.title(code)), need=code, place=place)
        for code in dict.fromkeys(codes)
    ]


def door(scene: Scene, action: Action, service_id: str, name: str, need: str | None = None) -> list[Button]:
    """A button about one service; none when the identifier of an imported service is too long for a button."""
    try:
        return [scene.button(action, shortened(name), need=need, item=service_id)]
    except ValueError:
        return []


def numbered(scene: Scene, doors: Sequence[Door], first: int = 1) -> tuple[tuple[int, Button], ...]:
    """The numbers that stand before doors in a text, each with the press that shows that door alone."""
    if len(doors) == 1 and first == 1:
        return ()
    return tuple(
        (number, button)
        for number, one in enumerate(doors, start=first)
        for button in door(scene, Action.SERVICE, one.service_id, one.name, scene.need)
    )


def open_places(scene: Scene, need: str | None = None) -> list[Button]:
    """One button for each open place."""
    return [
        scene.button(Action.PLACE, place.name(scene.language), need=need, place=place.code)
        for place in scene.library.places.open
    ]


def places(scene: Scene, need: str | None = None) -> list[Button]:
    """One button for each open place, and a way out for who is somewhere else."""
    elsewhere = scene.button(Action.SOMEWHERE_ELSE, scene.w("I am somewhere else"), need=need)
    # Sharing comes last: not every face can show it, and the numbers of the others must be the same everywhere.
    return [*open_places(scene, need), elsewhere, Button(scene.w("Share where I am"), share_position=True)]


def languages(scene: Scene) -> list[Button]:
    """One button for each language, by its own name."""
    return [
        scene.button(Action.LANGUAGE, language.name, language=language.code, need=scene.memory.pending)
        for language in scene.library.languages
    ]
