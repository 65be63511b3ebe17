"""Attack 13, what was not understood: words and sentences of people are looked for in every byte, before and after."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.buttons import Buttons
from bot.conversation.events import ButtonPressed, TextSaid
from bot.sessions import Sessions
from bot.turn import Turn
from bot.turn.house import House, Unread
from bot.wiring import words_of_our_texts
from demand.database import connect, reading
from demand.keeping import Keeper
from demand.ledger import Ledger
from demand.migrations import upgrade
from demand.phrases import read_phrases
from demand.sentences import DAYS_KEPT, Sentences, open_sentences
from demand.weeks import write_day
from demand.wordings import Wordings
from tests.bot.doubles import ListedReadings, Street, Told, codes_of, understood
from tests.privacy.conftest import IDS, MONDAY, WORDS, hits
from tests.privacy.naive.build import NaiveLog

SENT = "quisiera devolver el zqxpaquete que llegó abierto"
UNSENT = "perdí el zqxpaquetito que llegó abierto"
DANGER = "me quiere matar y rompió el zqxcofre"


class _World:
    """Our build with a clock that is moved by hand."""

    def __init__(self, library, folder: Path) -> None:
        self.folder, self.library, self.moment = folder, library, MONDAY
        url = f"sqlite+aiosqlite:///{folder}/demand.sqlite3"
        upgrade(url)
        self.engine = connect(url)
        known = words_of_our_texts(library)
        self.wordings, self.sentences = Wordings(known, library.places), Sentences(library.places.all)
        ledger = Ledger(library.places, library.taxonomy, MONDAY)
        self.keeper = Keeper(
            ledger, self.engine, library.places, library.taxonomy, MONDAY, (self.wordings, self.sentences)
        )
        house = House(
            interpreter=ListedReadings({"me amenazan": understood("protection.threats", place="quito")}),
            library=lambda: library, directory=Street(), counter=ledger, recorder=Told(),
            buttons=Buttons(b"k" * 32, codes_of(library)), clock=lambda: self.moment,
            unread=Unread(self.wordings, self.sentences, known),
        )  # fmt: skip
        self.turn = Turn(house, Sessions(lambda: self.moment))

    async def says(self, chat: int, text: str, *presses: int) -> None:
        """Write, then press buttons by their place from the end."""
        replies = await self.turn.take(TextSaid(text), str(chat).encode())
        for place in presses:
            replies = await self.turn.take(ButtonPressed(replies[-1].buttons[place].data), str(chat).encode())

    def lives(self, **time: int) -> None:
        """Move the clock hour by hour."""
        until = self.moment + timedelta(**time)
        while self.moment < until:
            self.moment += timedelta(hours=1)
            self.keeper.tick(self.moment)


async def test_a_sentence_that_was_not_sent_never_reaches_a_disk(library, tmp_path: Path):
    """Not offered, offered, or previewed and refused: in two weeks no byte of it is written."""
    world = _World(library, tmp_path)
    await world.says(IDS[0], UNSENT)
    await world.says(IDS[1], UNSENT, -1)
    await world.says(IDS[2], UNSENT, -1, -1)
    await world.says(IDS[3], DANGER, -1)
    await world.says(IDS[4], "me amenazan")
    await world.says(IDS[4], UNSENT)
    for _ in range(15):
        world.lives(days=1)
        assert hits(tmp_path, ["zqxpaquetito", "zqxcofre", *IDS]) == set()
    world.engine.dispose()


async def test_a_sent_sentence_is_gone_after_seven_days_and_leads_to_no_chat(library, tmp_path: Path):
    """It is written with the day's one write, holds no id, no number, no place, and leaves no byte after seven days."""
    world = _World(library, tmp_path)
    await world.says(IDS[0], f"{SENT} {WORDS[0]} en Quito", -1, 0)
    assert hits(tmp_path, ["zqxpaquete"]) == set()
    world.lives(days=1)
    assert hits(tmp_path, ["zqxpaquete"]) == {"zqxpaquete"}
    assert hits(tmp_path, [*IDS, *WORDS, "Quispe"]) == set()
    with reading(world.engine) as connection:
        (stored,) = open_sentences(connection, write_day(world.moment, library.places.all))
    assert stored.text == f"{SENT} [...] en [...]"
    seen = 0
    while hits(tmp_path, ["zqxpaquete"]):
        world.lives(days=1)
        seen += 1
    assert seen <= DAYS_KEPT
    world.engine.dispose()


async def test_the_order_of_the_queue_tells_nothing(library, tmp_path: Path):
    """Sentences of one day lie in random order: the first writer's is first only by chance."""
    world = _World(library, tmp_path)
    for number, chat in enumerate(IDS[:30]):
        await world.says(
            chat, f"quisiera devolver el paquete {'abcdefghijklmnopqrstuvwxyzáéíó'[number]}", -1, 0
        )
    world.lives(days=1)
    with reading(world.engine) as connection:
        found = [
            one.text[-1] for one in open_sentences(connection, write_day(world.moment, library.places.all))
        ]
    assert len(found) == 30
    assert found != sorted(found)
    world.engine.dispose()


async def test_words_of_fewer_than_ten_people_never_reach_a_disk(library, tmp_path: Path):
    """Nine people's words vanish with the week; those of twelve are released, and nothing of the twelve is with them."""
    world = _World(library, tmp_path)
    for chat, word in zip(IDS[:9], WORDS[:9], strict=True):
        await world.says(chat, f"revisar certificado {word}")
    for chat, word in zip(IDS[20:32], WORDS[20:32], strict=True):
        await world.says(chat, f"pedir documento {word}")
    for _ in range(9):
        world.lives(days=1)
        assert hits(tmp_path, ["revisar certificado", *IDS, *WORDS]) == set()
    with reading(world.engine) as connection:
        phrases = read_phrases(connection)
    assert {"pedir documento"} <= {one.words for one in phrases} <= {"pedir", "documento", "pedir documento"}
    assert {one.askers for one in phrases} == {10}
    world.engine.dispose()


def test_a_list_of_unanswered_questions_is_a_list_of_people(tmp_path: Path):
    """The naive build keeps what it did not understand as it was said, with who said it."""
    naive = NaiveLog(tmp_path)
    naive.say(IDS[0], "2026-03-02T15:00:00", "quito", "", "es", f"{SENT} {WORDS[0]}")
    assert hits(tmp_path, ["zqxpaquete", WORDS[0], IDS[0]]) == {"zqxpaquete", WORDS[0], IDS[0]}
    naive.database.close()
