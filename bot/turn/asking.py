"""Steps that ask: language, place, topic, which of these. Each question has a way out besides its answers."""

from __future__ import annotations

from dataclasses import replace

from bot.buttons import Action
from bot.conversation.phrases import name_asked_about
from bot.logs import describe, get_log
from bot.replies import Button
from bot.turn import keyboard
from bot.turn.scene import Performed, Scene
from content.wording import N_, wording
from demand.outcomes import Outcome

_log = get_log("turn")
_MOST_FOUND = 3
_WHICH_LANGUAGE = N_("In which language shall we talk?")


async def welcome(scene: Scene) -> Performed:
    """Who this is, what it can do, who can see the chat; then the person speaks."""
    w = scene.w
    names = [place.name(scene.language) for place in scene.library.places.open]
    text = "\n\n".join([
        w("# Hello, I am Orienta"),
        w("I answer questions about rights and services for refugees and people who ask for asylum in {places}.",
          places=w.list(names)),
        _begin(scene),
        w("Telegram can see a chat on Telegram, and whoever has your phone can read it. I keep no list of who writes."),
    ])  # fmt: skip
    buttons = [
        keyboard.menu(scene), keyboard.other_place(scene), keyboard.human(scene),
        keyboard.privacy(scene), keyboard.languages_asked(scene),
    ]  # fmt: skip
    return Performed((scene.reply(text, buttons, place=scene.place.code if scene.place else None),))


def _begin(scene: Scene) -> str:
    """What to do now; the place, too, when the link that was followed named it."""
    if scene.heard.place and scene.place:
        name = scene.place.name(scene.language)
        return scene.w("I will answer for {place}. What do you need? Write it in your own words.", place=name)
    return scene.w("Write your question in your own words, or choose a topic. It is free.")


async def ask_language(scene: Scene) -> Performed:
    """Ask in every language, because the right one is what we do not know."""
    lines = [wording(language.code)(_WHICH_LANGUAGE) for language in scene.library.languages]
    return Performed((scene.reply("\n".join(dict.fromkeys(lines)), keyboard.languages(scene), columns=2),))


async def confirm_language(scene: Scene) -> Performed:
    """Say so in the language that was chosen."""
    reply = scene.reply(scene.w("From now on we talk in English."), [keyboard.menu(scene)])
    return Performed((reply,))


async def ask_place(scene: Scene) -> Performed:
    """Ask where the person is; the question that waits is named, so that nobody thinks it is lost."""
    need = scene.heard.need or scene.memory.pending
    question = scene.w("Where are you? Rules and services differ from city to city.")
    if need and need in scene.library.taxonomy.needs:
        topic = scene.w("I will answer about: {topic}.", topic=scene.title(need))
        question = f"{topic}\n\n{question}"
    return Performed((scene.reply(question, keyboard.places(scene, need), columns=2, need=need),))


async def repeat_place(scene: Scene) -> Performed:
    """The message named no place that we serve."""
    names = [place.name(scene.language) for place in scene.library.places.open]
    text = scene.w(
        "I did not find a city I know in your message. I know {places}.", places=scene.w.list(names)
    )
    need = scene.memory.pending
    buttons = [*keyboard.places(scene, need), keyboard.menu(scene)]
    return Performed((scene.reply(text, buttons, columns=2, need=need),), Outcome.NOT_UNDERSTOOD)


async def confirm_place(scene: Scene) -> Performed:
    """Say which place is understood, and what can be asked there."""
    if scene.place is None:
        return await ask_place(scene)
    name = scene.place.name(scene.language)
    text = scene.w("I will answer for {place}. What do you need? Write it in your own words.", place=name)
    again = keyboard.needs(scene, [scene.memory.need] if scene.memory.need else [], scene.place.code)
    reply = scene.reply(
        text, [*again, keyboard.menu(scene), keyboard.other_place(scene)], place=scene.place.code
    )
    return Performed((reply,))


async def say_not_served(scene: Scene) -> Performed:
    """The person is somewhere we hold nothing about: say so, and offer what may still help."""
    names = [place.name(scene.language) for place in scene.library.places.open]
    need = scene.heard.need or scene.memory.pending
    text = scene.w(
        "I have checked information only about {places}. The rules of a country hold in all of it: if you are in"
        " one of these countries, choose the nearest city.",
        places=scene.w.list(names),
    )
    buttons = [*keyboard.open_places(scene, need), keyboard.human(scene), keyboard.menu(scene)]
    reply = scene.reply(text, buttons, columns=2, need=need)
    return Performed((reply,), Outcome.ELSEWHERE, need)


async def show_menu(scene: Scene) -> Performed:
    """The sectors."""
    taxonomy = scene.library.taxonomy
    buttons = [
        scene.button(
            Action.SECTOR, keyboard.shortened(taxonomy.sector_title(sector, scene.language)), item=sector
        )
        for sector in taxonomy.sectors
    ]
    text = scene.w("What is it about? You can also write it in your own words.")
    last = [*keyboard.programme(scene), keyboard.other_place(scene), keyboard.languages_asked(scene)]
    return Performed((scene.reply(text, [*buttons, *last], columns=2),))


async def show_sector(scene: Scene) -> Performed:
    """The needs of a sector."""
    taxonomy, sector = scene.library.taxonomy, scene.heard.item
    if sector not in taxonomy.sectors:
        return await show_menu(scene)
    buttons = keyboard.needs(scene, (need.code for need in taxonomy.needs_of(sector)))
    advice = scene.w("Choose what is nearest to your question.")
    text = f"# {taxonomy.sector_title(sector, scene.language)}\n{advice}"
    return Performed((scene.reply(text, [*buttons, keyboard.menu(scene)]),))


async def offer_candidates(scene: Scene) -> Performed:
    """The person chooses what was meant; we do not guess."""
    candidates = scene.heard.candidates or scene.memory.candidates
    if not candidates:
        return await show_menu(scene)
    text = scene.w("I am not sure I understood. Is it one of these?")
    # "Telephone of ACNUR" names a house and no need: what was guessed comes after it.
    houses = await _services(scene) if name_asked_about(scene.text) else []
    buttons = [*houses[: _MOST_FOUND - 1], *keyboard.needs(scene, candidates)]
    return Performed((scene.reply(text, _choice(scene, buttons)),))


async def search_texts(scene: Scene) -> Performed:
    """Look for the words in our texts and in the names of services, and offer what is near."""
    place = scene.place or scene.library.places.open[0]
    needs = scene.library.search(scene.text, place.code, scene.language) if scene.text else ()
    # A name that was found is stronger than words that stand in a text, but it does not fill the choice alone.
    buttons = (await _services(scene))[: _MOST_FOUND - 1] + keyboard.needs(scene, needs)
    if not buttons:
        return await ask_other_words(scene)
    text = scene.w("I did not understand that for sure. I looked in my texts. Is it one of these?")
    memory = replace(scene.memory, candidates=needs)
    return Performed((scene.reply(text, _choice(scene, buttons)),), Outcome.NOT_UNDERSTOOD, memory=memory)


async def ask_other_words(scene: Scene) -> Performed:
    """Nothing fits: other words, the topics, or a person."""
    text = scene.w(
        "I did not understand. Please say it in other words, in one short sentence, or choose a topic."
    )
    reply = scene.reply(text, [keyboard.menu(scene), keyboard.human(scene)])
    return Performed((reply,), Outcome.NOT_UNDERSTOOD)


def _choice(scene: Scene, buttons: list[Button]) -> list[Button]:
    none = scene.button(Action.NONE_OF_THESE, scene.w("None of these"))
    return [*buttons[:_MOST_FOUND], none]


async def _services(scene: Scene) -> list[Button]:
    if scene.place is None or not scene.text:
        return []
    words = name_asked_about(scene.text) or scene.text
    try:
        found = await scene.house.directory.search(words, scene.place.code, scene.language)
    except Exception as error:
        _log.error("search failed", part="directory", error=describe(error))
        return []
    return [
        button
        for door in found[:_MOST_FOUND]
        for button in keyboard.door(scene, Action.SERVICE, door.service_id, door.name)
    ]
