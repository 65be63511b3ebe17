"""What people, desks and caseworkers say of services, told to a whole turn with a real directory behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import text

from bot.conversation.events import ButtonPressed, Caseworker, TextSaid
from bot.face.rendering import Square, render
from bot.replies import Reply
from bot.web.markup import as_square
from console.in_chat import ChatProof
from console.keys import Keys
from console.migrations import upgrade as upgrade_console
from content.library import Library
from content.wording import wording
from nlu.reading import Reading
from referrals.corrections import Corrections
from referrals.database import Sessions, connect
from referrals.directory import DatabaseSource, Directory
from referrals.loading import load_seeds, read_seeds
from referrals.migrations import upgrade
from referrals.outcomes import Outcomes
from referrals.slip_codes import new_code
from referrals.slips import Slips
from referrals.tables import Service
from referrals.upkeep import Change, Upkeep
from tests.bot.doubles import NOON, BrokenDirectory, Talk, talk, understood
from tests.second_factors import account_with_app

w = wording("es")
SHELTER = {
    "albergue": understood("shelter.temporary", place="quito"),
    "me pegan en la calle 5 y 6": replace(understood("shelter.temporary", place="quito"), danger="violence"),
}  # fmt: skip
LUZ = Caseworker("luz@example.org", ("quito",))
KEYS = Keys(b"k" * 32)
CODE_ASKED = "código de su aplicación"


@dataclass
class Stage:
    """A directory and what hangs on it."""

    library: Library
    sessions: Sessions
    directory: Directory
    slips: Slips
    outcomes: Outcomes
    corrections: Corrections
    app: pyotp.TOTP
    now: datetime = NOON

    def talk(self, readings: dict[str, Reading] | None = None) -> Talk:
        """Somebody new."""
        person = talk(self.library, readings or SHELTER, directory=self.directory, clock=lambda: self.now)
        proof = ChatProof(self.sessions, KEYS, lambda: self.now)
        person.turn._house = replace(
            person.turn._house, proof=proof, slips=self.slips, proposals=self.corrections, recorder=self.outcomes,
            upkeep=Upkeep(self.sessions, self.library.places, self.outcomes), desk_url="https://orienta.example.org/desk",
        )  # fmt: skip
        return person


@pytest.fixture
async def stage(tmp_path: Path, library: Library) -> AsyncIterator[Stage]:
    url = f"sqlite+aiosqlite:///{tmp_path}/directory.sqlite3"
    await asyncio.to_thread(upgrade, url)
    await asyncio.to_thread(upgrade_console, url)
    sessions, places = Sessions(connect(url)), library.places
    await load_seeds(sessions, read_seeds()[0])
    directory = Directory(DatabaseSource(sessions), places, lambda: NOON)
    await directory.refresh()
    yield Stage(
        library, sessions, directory, Slips(sessions, places, b"k" * 32), Outcomes(sessions, places), Corrections(sessions, places),
        await account_with_app(sessions, KEYS, LUZ.email),
    )  # fmt: skip
    await sessions.close()


async def says(person: Talk, line: str) -> list[Reply]:
    """A linked caseworker writes."""
    return await person.do(TextSaid(line, caseworker=LUZ))


async def confirms(person: Talk, label: str) -> list[Reply]:
    """A linked caseworker presses."""
    buttons = {button.label: button for reply in person.last for button in reply.buttons}
    return await person.do(ButtonPressed(buttons[label].data, caseworker=LUZ))


async def types_code(person: Talk, stage: Stage) -> list[Reply]:
    """A linked caseworker, asked for it, writes the code that the app shows."""
    assert CODE_ASKED in person.text
    return await says(person, stage.app.at(stage.now))


async def test_a_slip_is_given_and_asked_after(stage: Stage) -> None:
    """
    The code stands alone in its line, the square code leads to the desk, and another person can ask with it too.
    """
    person = stage.talk()
    await person.say("albergue")
    await person.press(w("Referral slip"))
    await person.press(person.labels[0])
    slip, square = person.last
    code = slip.text.split("\n")[1]
    assert square.square == f"https://orienta.example.org/desk?code={code}"
    [picture] = render(square)
    assert isinstance(picture, Square)
    assert picture.png.startswith(b"\x89PNG")
    assert "style=" not in as_square(square)
    await stage.slips.mark(code, "sent_on", NOON, sent_to="ec-svc-hogar-calle")
    other = stage.talk()
    await other.say(code.replace("-", " ").lower())
    assert "Hogar Comunidad de Calle" in other.text
    await other.press("Hogar Comunidad de Calle")


async def test_codes_that_are_wrong_or_guessed(stage: Stage) -> None:
    """
    A mistyped one is told so; unknown ones are looked up five times and no more.
    """
    person = stage.talk()
    await person.say("ABCDE-FGHJK-MNPQ")
    assert person.text == w(
        "This is not a whole code, or one of its letters is wrong. Please look at it again."
    )
    for _ in range(5):
        await person.say(new_code())
        assert person.text == w("I do not know this code. It may be too old, or one of its letters is wrong.")
    await person.say(new_code())
    assert person.text == w("There were too many codes that I do not know. Please try again tomorrow.")


async def test_one_person_does_not_fill_the_book(stage: Stage) -> None:
    """
    Eight slips in one conversation.
    """
    person = stage.talk()
    await person.say("albergue")
    await person.press(w("Referral slip"))
    asked = list(person.last)
    for _ in range(10):
        person.last = asked
        await person.press(person.labels[0])
    async with stage.sessions.reading() as session:
        assert (await session.execute(text("SELECT count(*) FROM referral_slip"))).scalar_one() == 8


async def test_danger_comes_before_a_new_address(stage: Stage) -> None:
    """
    Whoever is asked for an address and writes that they are beaten gets the safety text, and nothing is kept of it.
    """
    person = stage.talk()
    await person.say("albergue")
    await person.press(w("Did this help?"))
    await person.press(person.labels[0])
    await person.press(w("Something is wrong in the list"))
    await person.press(w("It moved: the address is wrong"))
    await person.say("me pegan en la calle 5 y 6")
    assert person.last[0].urgent
    assert [one.value for one in await stage.corrections.open_ones()] == [""]
    await person.say("Calle Loja Oe3-37 y Guayaquil")
    assert {one.value for one in await stage.corrections.open_ones()} == {"", "Calle Loja Oe3-37 y Guayaquil"}


async def test_one_tap_again_changes_nothing(stage: Stage) -> None:
    """
    Neither an outcome nor a correction counts twice.
    """
    person = stage.talk()
    await person.say("albergue")
    await person.press(w("Did this help?"))
    await person.press(person.labels[0])
    question = list(person.last)
    for label in (w("It was full"), w("It was full")):
        person.last = question
        await person.press(label)
    [service] = question[0].services
    assert await stage.outcomes.counts(service, NOON.date() - timedelta(days=2)) == {"full": 1}
    for _ in range(2):
        person.last = question
        await person.press(w("Something is wrong in the list"))
        await person.press(w("The hours are wrong"))
    assert [one.count for one in await stage.corrections.open_ones()] == [1]


async def test_a_caseworker_changes_by_button_alone(stage: Stage) -> None:
    """
    Shown, confirmed by the caseworker's own press, done once; the same button of somebody else does nothing.
    """
    luz = stage.talk()
    await says(luz, "Casa del Hermano lleno hasta el lunes")
    shown = list(luz.last)
    luz.last = shown
    await luz.press(w("Yes, change it"))
    assert luz.text == w("This is only for caseworkers who linked their chat.")
    luz.last = shown
    await confirms(luz, w("Yes, change it"))
    async with stage.sessions.reading() as session:
        assert (await session.execute(text("SELECT count(*) FROM change"))).scalar_one() == 0
    await types_code(luz, stage)
    assert "30 de noviembre" in luz.text
    async with stage.sessions.reading() as session:
        rows = (await session.execute(text("SELECT who, field, service_id FROM change"))).all()
    assert [tuple(row) for row in rows] == [("luz@example.org", "full_until", "ec-svc-hermano")]
    luz.last = shown
    await confirms(luz, w("Yes, change it"))
    assert luz.text == w("This change does not wait any more. Please write it again.")


@pytest.mark.parametrize(("line", "answer"), [
    ("Casa del Hermano cerrado hasta el 31 de febrero",
     'I could not read the day. Write it like "Casa Azul full until 30/11" or "Casa Azul closed today".'),
    ("cerrado hoy", 'I do not find this service among yours. Write its name first, as in "Casa Azul closed today".'),
    ("CONARE cerrado hoy", 'I do not find this service among yours. Write its name first, as in "Casa Azul closed today".'),
    ("pendientes", "Nothing waits for you."),
    ("Casa del Hermano abierto", "It stands there already: nothing would change."),
])  # fmt: skip
async def test_what_cannot_be_done_is_said(stage: Stage, line: str, answer: str) -> None:
    """
    A day that does not exist, no name, a service of another country, nothing to do.
    """
    luz = stage.talk()
    await says(luz, line)
    assert w(answer) in luz.text


async def test_several_services_of_one_name_are_asked(stage: Stage) -> None:
    """
    The caseworker chooses, and then confirms; or takes it back.
    """
    luz = stage.talk()
    await says(luz, "Casa cerrado hoy")
    assert len(luz.labels) > 2
    name = luz.labels[0]
    await confirms(luz, name)
    assert luz.text.startswith(f"# {name}")
    await confirms(luz, w("No"))
    assert luz.text == w("Nothing was changed.")


async def test_work_is_listed_and_closed(stage: Stage) -> None:
    """
    Flags and proposals of the caseworker's places, each with a button that ends it.
    """
    for _ in range(2):
        await stage.outcomes.record("ec-svc-hermano", "asked_for_money", NOON)
        await stage.outcomes.record("ar-conare", "closed", NOON)
    await stage.corrections.propose("ec-svc-hermano", "phone", NOON, "02 299 9999")
    luz = stage.talk()
    await says(luz, "pendientes")
    assert "Casa del Hermano" in luz.text
    assert "02 299 9999" in luz.text
    assert "CONARE" not in luz.text
    listed = list(luz.last)
    for label in [label for reply in listed for label in (button.label for button in reply.buttons)]:
        luz.last = listed
        await confirms(luz, label)
        if CODE_ASKED in luz.text:
            await types_code(luz, stage)
    await says(luz, "pendientes")
    assert luz.text == w("Nothing waits for you.")


async def test_who_is_left_out_reads_why(stage: Stage) -> None:
    """
    When every place is full, their names come with the day until which they are, and somewhere else to go.
    """
    upkeep = stage.talk().turn._house.upkeep
    assert upkeep
    from referrals.change_words import Change

    for entry in stage.directory.snapshot.by_id.values():
        if "shelter.temporary" in entry.record.needs and entry.record.place in (
            "quito",
            "pichincha",
            "ecuador",
        ):
            places = [entry.record.place]
            await upkeep.apply(
                entry.id, Change("full", NOON.date() + timedelta(days=3)), NOON, places, "luz@example.org"
            )
    await stage.directory.refresh()
    person = stage.talk()
    await person.say("albergue")
    assert w("Not offered to you now:") in person.text
    assert w("full until {day}", day=w.date(NOON.date() + timedelta(days=3))) in person.text
    assert person.last[-1].services


async def test_an_answer_never_sends_to_a_house_that_is_closed_without_saying_so(stage: Stage) -> None:
    """
    The card that names a house says above its text until when it is closed or full, until that day and no longer.
    """
    person = stage.talk()
    note = w("Good to know before you go:")
    await person.say("albergue")
    assert "Albergue San Juan de Dios" in person.last[0].text
    assert note not in person.text
    upkeep = Upkeep(stage.sessions, stage.library.places, stage.outcomes)
    day = (NOON + timedelta(days=3)).date()
    for house, kind in (("ec-svc-sanjuandedios", "closed"), ("ec-svc-hermano", "full")):
        await upkeep.apply(house, Change(kind, day), NOON, ("quito",), "luz@example.org")
    await stage.directory.refresh()
    other = stage.talk()
    await other.say("albergue")
    card = other.last[0].text
    assert f"Albergue San Juan de Dios: {w('closed until {day}', day=w.date(day))}" in card
    assert f"Casa del Hermano: {w('full until {day}', day=w.date(day))}" in card
    assert card.index(note) < card.index("San Diego"), "nobody reads first where to go"
    stage.now = NOON + timedelta(days=4)
    later = stage.talk()
    await later.say("albergue")
    assert note not in later.last[0].text


async def test_an_answer_says_that_a_house_is_off_the_list(stage: Stage) -> None:
    """
    Taken off the list, it is not offered, and the text that still names it tells so.
    """
    async with stage.sessions.writing() as session:
        service = await session.get(Service, "ec-svc-hogar-calle")
        assert service
        service.status = "inactive"
    await stage.directory.refresh()
    person = stage.talk()
    await person.say("albergue")
    assert w("not in our list any more: call before you go") in person.last[0].text
    assert not any("Hogar Comunidad de Calle" in reply.text for reply in person.last[1:])


async def test_a_directory_that_is_away_leaves_the_card_as_it_is_written(library: Library) -> None:
    """
    The answer stands without the note.
    """
    person = talk(library, SHELTER, directory=BrokenDirectory())
    await person.say("albergue")
    assert "Albergue San Juan de Dios" in person.last[0].text
    assert w("Good to know before you go:") not in person.last[0].text


def test_every_service_that_a_fact_is_about_is_in_the_directory(library: Library) -> None:
    """
    So that its closure is heard of; shelters above all.
    """
    known = {record.id for record in read_seeds()[0]}
    linked = {code for fact in library.collection.facts.values() for code in fact.services}
    assert linked <= known
    assert {
        "ec-svc-sanjuandedios",
        "ec-svc-hermano",
        "ec-svc-hogar-calle",
        "sp-arsenal",
        "sp-casa-do-migrante",
    } <= linked
