"""Answer a need: the card, then the doors. A directory that fails leaves the card standing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from bot.buttons import MAX_ITEM_BYTES, Action
from bot.conversation.hearing import ANOTHER
from bot.logs import describe, get_log
from bot.replies import Button, Reply
from bot.turn import keyboard
from bot.turn.cards import card, current_card, missing_card
from bot.turn.doors_text import calls, door_text, doors_text, place_reply
from bot.turn.scene import Performed, Scene
from content.places import Place
from content.wording import N_
from demand.outcomes import Outcome
from referrals.doors import Door, Doors, Found, Request
from referrals.reasons import in_words

_log = get_log("turn")
_ENDS = {
    Found.FOUND: Outcome.ANSWERED,
    Found.NONE_HERE: Outcome.NO_SERVICE,
    Found.NOT_FOR_THIS_PERSON: Outcome.NOT_FOR_PERSON,
    Found.CLOSED_NOW: Outcome.CLOSED,
    Found.FULL: Outcome.FULL,
}
_WITHOUT_DOORS = {
    Found.FOUND: N_("There are no more places in our list."),
    Found.NONE_HERE: N_("We have no place for this in our list in {place} yet."),
    Found.NOT_FOR_THIS_PERSON: N_("There are places for this in {place}, but not for your situation."),
    Found.CLOSED_NOW: N_("The places for this in {place} are closed now."),
    Found.FULL: N_("The places for this in {place} are full now."),
}
# A programme tells what a whole place wants to be; who asks for food has no use for it.
_PROGRAMME_NEEDS = ("city.orientation", "legal.rights", "community.participation")
_MOST_PAGES = 20
_PAGE = 3
_MOST_LEFT_OUT = 3


async def answer_need(scene: Scene) -> Performed:
    """The card of the need in the place, and its first doors."""
    place, need = scene.place, scene.need
    if place is None or need is None:
        return Performed((_start_again(scene),))
    shown = scene.library.answer(need, place.code, scene.language, scene.moment)
    first = await current_card(scene, shown, place) if shown else missing_card(scene, need, place)
    second = await _doors(scene, need, place, 0)
    empty = shown is None or shown.missing
    outcome = Outcome.NO_CONTENT if empty and second.outcome is not Outcome.FAILURE else second.outcome
    return replace(second, replies=(first, *second.replies), outcome=outcome)


async def say_shorter(scene: Scene) -> Performed:
    """An answer that was not clear, in its first sentence alone, and who can explain the rest in person."""
    place, need = scene.place, scene.need
    shown = scene.library.answer(need, place.code, scene.language, scene.moment) if place and need else None
    if place is None or need is None or shown is None or not shown.paragraphs:
        return Performed((_start_again(scene),))
    text = scene.w("I am sorry that it was not clear. The most important thing:")
    person = scene.w("A person can explain the rest to you, for free.")
    buttons = [
        keyboard.human(scene), *keyboard.needs(scene, [need], place.code), keyboard.languages_asked(scene),
        keyboard.menu(scene),
    ]  # fmt: skip
    body = "\n\n".join((f"{text}\n{shown.paragraphs[0]}", person))
    return Performed((scene.reply(body, buttons, need=need, place=place.code),))


async def show_more(scene: Scene) -> Performed:
    """The next page of doors, the same one however often the button is pressed."""
    if scene.place is None or scene.need is None:
        return Performed((_start_again(scene),))
    after_shown = math.ceil(len(scene.memory.shown) / _PAGE)
    page = after_shown if scene.heard.item == ANOTHER else scene.heard.number
    return await _doors(scene, scene.need, scene.place, min(page, _MOST_PAGES))


async def show_map(scene: Scene) -> Performed:
    """The doors of a page as points on the map."""
    if scene.place is None or scene.need is None:
        return Performed((_start_again(scene),))
    found = await page_of_doors(scene, scene.need, scene.place, scene.heard.number)
    points = [reply for door in found.doors if (reply := place_reply(door, scene.language))]
    text = (
        scene.w("Where they are:") if points else scene.w("We do not know the exact point of these places.")
    )
    last = scene.reply(text, [keyboard.menu(scene)], need=scene.need)
    return Performed(
        (*points, last) if not points else (replace(last, buttons=()), *points), Outcome.ANSWERED
    )


async def show_service(scene: Scene) -> Performed:
    """One service that was found by its name."""
    here = scene.place.code if scene.place else None
    door = await scene.house.directory.service(scene.heard.item, scene.language, here, scene.moment)
    if door is None or scene.place is None:
        return Performed(
            (scene.reply(scene.w("This place is not in our list any more."), [keyboard.menu(scene)]),)
        )
    text = door_text(door, scene.w, scene.local(scene.place), scene.place.time_zone)
    slip = slip_button(scene, scene.need, scene.place.code, 0, [door]) if scene.need else []
    buttons = [*_helped(scene, scene.need, 0, [door]), *slip, keyboard.menu(scene)]
    reply = scene.reply(text, buttons, services=(door.service_id,), calls=calls([door]))
    return Performed((reply,), Outcome.ANSWERED)


async def show_programme(scene: Scene) -> Performed:
    """The programmes of the place of 2017, each a card with its date and source, and the way on."""
    place = scene.place
    if place is None:
        return Performed((_start_again(scene),))
    shown = scene.library.programmes(place.code, scene.language, scene.moment)
    cards = [card(scene, one, place) for one in shown]
    if not cards:
        return Performed((_start_again(scene),))
    buttons = [*keyboard.needs(scene, _PROGRAMME_NEEDS, place.code), keyboard.menu(scene)]
    return Performed(
        (*cards[:-1], replace(cards[-1], buttons=tuple(buttons))), Outcome.ANSWERED, _PROGRAMME_NEEDS[0]
    )


async def answer_beside(scene: Scene) -> Performed:
    """The same need in another place, and what is different there; the person's own place stays."""
    place, need = scene.place, scene.need
    home = scene.memory.place
    if place is None or need is None:
        return Performed((_start_again(scene),))
    performed = await answer_need(scene)
    difference = _difference(scene, need, place, scene.library.places.place(home)) if home else None
    if difference is None:
        return performed
    first, *others = performed.replies
    return replace(performed, replies=(first, difference, *others))


def _difference(scene: Scene, need: str, place: Place, home: Place) -> Reply | None:
    names = {"place": place.name(scene.language), "home": home.name(scene.language)}
    if place.code == home.code:
        return None
    if place.country != home.country:
        text = scene.w(
            "{place} is in another country than {home}: laws, papers and offices are not the same.", **names
        )
        return scene.reply(text, need=need, place=place.code)
    if scene.library.same_facts(need, place.code, home.code):
        text = scene.w("The same rules hold in {place} and in {home}. The places to go to differ.", **names)
        return scene.reply(text, need=need, place=place.code)
    here = scene.library.answer(need, place.code, scene.language, scene.moment)
    there = scene.library.answer(need, home.code, scene.language, scene.moment)
    only = [part for part in (there.paragraphs if there else ()) if not here or part not in here.paragraphs]
    lines = [scene.w("What is different in {home}:", **names), *only]
    return scene.reply("\n\n".join(lines), need=need, place=place.code) if only else None


async def page_of_doors(scene: Scene, need: str, place: Place, page: int) -> Doors:
    """A page of doors by counting from the first, so that a button needs no session to know the rest."""
    skip: tuple[str, ...] = ()
    found = Doors()
    for _ in range(page + 1):
        found = await scene.house.directory.doors(_request(scene, need, place, skip), limit=_PAGE)
        skip += tuple(door.service_id for door in found.doors)
    return found


async def first_doors(scene: Scene, needs: Sequence[str], place: Place) -> tuple[Door, ...]:
    """The first door of each need, each service once; none when the directory fails."""
    doors: dict[str, Door] = {}
    try:
        for need in needs:
            found = await scene.house.directory.doors(_request(scene, need, place, tuple(doors)))
            doors.update((door.service_id, door) for door in found.doors[:1])
    except Exception as error:
        _log.error("directory failed", part="directory", error=describe(error))
    return tuple(doors.values())


def _request(scene: Scene, need: str, place: Place, skip: tuple[str, ...]) -> Request:
    return Request(
        need=need,
        place=place.code,
        moment=scene.moment,
        language=scene.language,
        profile=scene.memory.profile,
        position=scene.position,
        skip=skip,
    )


async def _doors(scene: Scene, need: str, place: Place, page: int) -> Performed:
    try:
        found = await page_of_doors(scene, need, place, page)
    except Exception as error:
        _log.error("directory failed", part="directory", error=describe(error))
        text = scene.w("We cannot open our list of places at this moment. Please try again in a few minutes.")
        reply = scene.reply(text, _around(scene, need, place, page, Doors()), need=need, place=place.code)
        return Performed((reply,), Outcome.FAILURE, need)
    why = await _left_out(scene, place, found) if not page else []
    reply = _doors_reply(scene, need, place, page, found, why)
    ids = tuple(door.service_id for door in found.doors)
    known = scene.memory.shown if page else ()
    memory = replace(scene.memory, need=need, shown=tuple(dict.fromkeys((*known, *ids))))
    return Performed((reply,), _ENDS[Found(found.outcome)] if not page else Outcome.ANSWERED, need, memory)


async def _left_out(scene: Scene, place: Place, found: Doors) -> list[str]:
    """When nothing fits: which places attend this and why they are not offered now, so that nobody goes for nothing."""
    if Found(found.outcome) in (Found.FOUND, Found.NONE_HERE):
        return []
    lines = []
    for service_id, reason in found.left_out[:_MOST_LEFT_OUT]:
        door = await scene.house.directory.service(service_id, scene.language, place.code, scene.moment)
        if door is not None:
            lines.append(f"{door.name}: {in_words(reason, scene.w, place.time_zone)}")
    return lines


def _doors_reply(
    scene: Scene, need: str, place: Place, page: int, found: Doors, left_out: Sequence[str] = ()
) -> Reply:
    parts = []
    outcome = Found(found.outcome)
    if not found.doors or outcome is not Found.FOUND:
        parts.append(
            scene.w(_WITHOUT_DOORS[Found.FOUND if page else outcome], place=place.name(scene.language))
        )
    if left_out:
        parts.append("\n".join([scene.w("Not offered to you now:"), *left_out]))
    if found.doors:
        parts.append(doors_text(found.doors, scene.w, scene.local(place), place.time_zone, page * _PAGE + 1))
    if scene.heard.others:
        parts.append(scene.w("You asked about more than one thing. The other answers are one press away:"))
    return scene.reply(
        "\n\n".join(parts), _around(scene, need, place, page, found), need=need, place=place.code,
        services=tuple(door.service_id for door in found.doors), calls=calls(found.doors),
        numbered=keyboard.numbered(scene, found.doors, page * _PAGE + 1),
    )  # fmt: skip


def _around(scene: Scene, need: str, place: Place, page: int, found: Doors) -> list[Button]:
    buttons = keyboard.needs(scene, scene.heard.others, place.code)
    if found.more and page < _MOST_PAGES:
        label = scene.w("More places")
        buttons.append(scene.button(Action.MORE, label, need=need, place=place.code, number=page + 1))
    buttons += _helped(scene, need, page, found.doors)
    buttons += slip_button(scene, need, place.code, page, found.doors)
    if any(place_reply(door, scene.language) for door in found.doors):
        label = scene.w("See on the map")
        buttons.append(scene.button(Action.MAP, label, need=need, place=place.code, number=page))
    buttons += keyboard.programme(scene) if need in _PROGRAMME_NEEDS else []
    buttons += [keyboard.other_place(scene, need), keyboard.menu(scene)]
    if scene.library.taxonomy.needs[need].sensitive:
        buttons.append(keyboard.safe_exit(scene))
    return buttons


def _helped(scene: Scene, need: str | None, page: int, doors: Sequence[Door]) -> list[Button]:
    if not doors:
        return []
    item = (
        doors[0].service_id if len(doors) == 1 and len(doors[0].service_id.encode()) <= MAX_ITEM_BYTES else ""
    )
    return [scene.button(Action.HELPED, scene.w("Did this help?"), need=need, number=page, item=item)]


def slip_button(scene: Scene, need: str, place: str, page: int, doors: Sequence[Door]) -> list[Button]:
    """A referral slip for one of these doors."""
    if not doors or scene.house.slips is None:
        return []
    item = doors[0].service_id if len(doors) == 1 else ""
    if len(item.encode()) > MAX_ITEM_BYTES:
        return []
    label = scene.w("Referral slip")
    return [scene.button(Action.SLIP, label, need=need, place=place, number=page, item=item)]


def _start_again(scene: Scene) -> Reply:
    return scene.reply(
        scene.w("What do you need? Write it in your own words, or choose a topic."), [keyboard.menu(scene)]
    )
