"""A linked chat gives the code of its owner's app before it changes something; what was asked is then done at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.conversation.events import ButtonPressed, Caseworker, TextSaid
from console import audit
from content.wording import wording
from tests.bot.doubles import NOON, Talk
from tests.bot.test_feedback import CODE_ASKED, Stage, confirms, says, stage, types_code

__all__ = ["stage"]
w = wording("es")
NOTHING = w("Nothing waits for a code any more. Please write again what changed.")
USED = w("This code was used already. Wait until the app shows the next one.")
LINE = "Casa del Hermano lleno hasta el lunes"
DONE = "# Listo: "


async def asked(stage: Stage, line: str = LINE) -> Talk:
    """A caseworker who has confirmed a change and is asked for the code."""
    luz = stage.talk()
    await says(luz, line)
    await confirms(luz, w("Yes, change it"))
    assert CODE_ASKED in luz.text
    return luz


async def changes(stage: Stage) -> int:
    """How many changes were written."""
    async with stage.sessions.reading() as session:
        return int((await session.execute(text("SELECT count(*) FROM change"))).scalar_one())


async def logged(stage: Stage) -> list[str]:
    """The actions of the audit log, the latest first."""
    async with stage.sessions.reading() as session:
        return [one.action for one in await audit.entries(session)]


async def test_a_right_code_does_what_was_asked_and_is_asked_again_after_twelve_hours(stage: Stage) -> None:
    """
    Nothing is typed twice. For twelve hours no code is asked for; then, as for a browser, it is.
    """
    luz = await asked(stage)
    assert await changes(stage) == 0
    [reply] = await types_code(luz, stage)
    assert reply.text.startswith(DONE)
    assert reply.unsay
    assert await logged(stage) == ["sign_in.chat"]
    stage.now = NOON + timedelta(hours=12)
    await says(luz, "Casa del Hermano lleno hasta el martes")
    await confirms(luz, w("Yes, change it"))
    assert luz.text.startswith(DONE)
    stage.now += timedelta(seconds=1)
    await says(luz, "Casa del Hermano lleno hasta el miércoles")
    await confirms(luz, w("Yes, change it"))
    await types_code(luz, stage)
    assert luz.text.startswith(DONE)


@pytest.mark.parametrize("typed", ["000000", "000 000", "aaaaaaa-bbbbbbb-ccccccc-ddddddd"])
async def test_a_wrong_code_changes_nothing_and_is_noted(stage: Stage, typed: str) -> None:
    """
    It is told with our clock, the wrong one is not repeated, and the right one still does what waits.
    """
    luz = await asked(stage)
    [reply] = await says(luz, typed)
    assert "12:00:00" in reply.text  # noon in Quito
    assert reply.unsay
    assert typed not in reply.text
    assert await changes(stage) == 0
    assert await logged(stage) == ["second_factor.refused"]
    await says(luz, stage.app.at(stage.now))
    assert luz.text.startswith(DONE)


async def test_a_code_is_used_once(stage: Stage) -> None:
    """
    The same six digits do nothing a second time, not even after the chat was unlinked and linked again.
    """
    luz = await asked(stage)
    await types_code(luz, stage)
    async with stage.sessions.writing() as session:
        await session.execute(text("DELETE FROM console_session"))
    again = await asked(stage, "Casa del Hermano cerrado hoy")
    await types_code(again, stage)
    assert again.text == USED


async def test_guesses_grow_slow(stage: Stage) -> None:
    """
    After three wrong ones the fourth is not looked at, be it right; it is right later.
    """
    luz = await asked(stage)
    for _ in range(3):
        await says(luz, "000000")
    await says(luz, stage.app.at(stage.now))
    assert luz.text == w.plural(
        "Too many attempts. Wait {count} second, then try again.",
        "Too many attempts. Wait {count} seconds, then try again.", 1,
    )  # fmt: skip
    assert await changes(stage) == 0
    assert (await logged(stage))[:2] == ["refused.guesses", "second_factor.refused"]
    stage.now += timedelta(seconds=1)
    await says(luz, stage.app.at(stage.now))
    assert luz.text.startswith(DONE)


async def test_what_was_asked_waits_for_five_minutes(stage: Stage) -> None:
    """
    After that a code is not even looked at, and is still good for the next time.
    """
    luz = await asked(stage)
    stage.now += timedelta(minutes=5, seconds=1)
    [reply] = await types_code(luz, stage)
    assert reply.text == NOTHING
    assert reply.unsay
    assert await logged(stage) == []
    again = await asked(stage)
    await types_code(again, stage)
    assert again.text.startswith(DONE)


async def test_who_changes_nothing_is_asked_no_more(stage: Stage) -> None:
    """
    The button drops it; a code then does nothing.
    """
    luz = await asked(stage)
    await confirms(luz, w("Change nothing"))
    assert luz.text == w("Nothing was changed.")
    await says(luz, stage.app.at(stage.now))
    assert luz.text == NOTHING
    assert await changes(stage) == 0


async def test_what_one_asked_is_not_done_for_another(stage: Stage) -> None:
    """
    A chat that in between became somebody else's does not do what its first owner wrote.
    """
    luz = await asked(stage)
    await luz.do(TextSaid(stage.app.at(stage.now), caseworker=Caseworker("sol@example.org", ("quito",))))
    assert luz.text == NOTHING
    assert await changes(stage) == 0


async def test_without_a_second_factor_one_reads_and_changes_nothing(stage: Stage) -> None:
    """
    As in the console. The list of what waits is shown.
    """
    await stage.corrections.propose("ec-svc-hermano", "phone", NOON, "02 299 9999")
    sol, nobody = stage.talk(), Caseworker("sol@example.org", ("quito",))
    await sol.do(TextSaid("pendientes", caseworker=nobody))
    assert "02 299 9999" in sol.text
    await sol.do(TextSaid(LINE, caseworker=nobody))
    button = next(one for one in sol.last[-1].buttons if one.label == w("Yes, change it"))
    await sol.do(ButtonPressed(button.data, caseworker=nobody))
    assert "segundo paso" in sol.text
    assert await changes(stage) == 0


async def test_a_number_of_somebody_else_is_no_code(stage: Stage) -> None:
    """
    Six digits of who asks for help are read as before, and so is a telephone that was asked for.
    """
    person = stage.talk()
    await person.say("albergue")
    await person.say("123456")
    assert person.text != NOTHING
    luz = stage.talk()
    await says(luz, "albergue")
    await confirms(luz, w("Did this help?"))
    await confirms(luz, luz.labels[0])
    await confirms(luz, w("Something is wrong in the list"))
    await confirms(luz, w("The telephone is wrong"))
    await says(luz, "299999")
    assert luz.text != NOTHING
