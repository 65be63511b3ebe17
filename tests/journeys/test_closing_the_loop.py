"""From a refusal to a better answer for the next person, and a slip from the chat to the desk and back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.face import TelegramFace
from bot.face.tempo import Tempo
from bot.linked import Links
from bot.notices import Notices
from bot.secret_keys import secret_key
from bot.settings import Settings
from bot.web.app import build_app
from bot.wiring import Wired, open_house
from console.keys import Keys
from content.loading import load_library
from content.wording import wording
from referrals.database import Sessions, connect
from referrals.outcomes import Outcomes
from tests.bot_api import BotApi, Message, Person
from tests.journeys.conftest import Telling
from tests.second_factors import account_with_app, code_now
from tests.serving import serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
w = wording("es")
# A change reaches people after at most this many seconds.
SEEN = 2.2


class Morning:
    """Nine in the morning in Quito, today or so many days later: what is told today reaches coordinators tomorrow."""

    days = 0

    def __call__(self) -> datetime:
        today = datetime.now(ZoneInfo("America/Guayaquil"))
        return today.replace(hour=9) + timedelta(days=self.days)


@dataclass
class Stage(Telling):
    """The house with Telegram and its web address."""

    house: Wired
    links: Links
    url: str
    morning: Morning
    directory: Sessions
    keys: Keys

    async def is_gone(self, person: Person, text: str) -> None:
        """A message of the person is deleted, soon after its answer."""
        [sent] = [one for one in self.api.messages(person.chat_id) if one.text == text]
        for _ in range(50):
            if sent.deleted:
                return
            await asyncio.sleep(0.1)
        raise AssertionError("the message is still there")

    async def asks_for_shelter(self) -> tuple[Person, list[Message]]:
        """Somebody new asks in Quito; the last message is the doors."""
        person = self.person("es")
        await person.writes("necesito un albergue para dormir, estoy en Quito")
        return person, await self.hears(person, "shelter.temporary", language="es")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with BotApi() as api:
        settings = Settings(
            data_dir=tmp_path_factory.mktemp("house"), telegram_token=SecretStr(api.token), telegram_api_url=api.url,
            public_url="https://orienta.example.org",
        )  # fmt: skip
        async with open_house(settings) as house:
            assert house.links
            app = build_app(house.turn, checks=house.checks, metrics=house.metrics, routes=house.routes)
            stop = asyncio.Event()
            directory = Sessions(connect(settings.directory_database))
            places, morning = load_library().places, Morning()
            notices = Notices(house.links, Outcomes(directory, places), places, morning)
            telegram = TelegramFace(settings, house.turn, Tempo(notices=0.5), house.links, notices)
            face = asyncio.create_task(telegram.serve(stop))
            async with serving(app) as url:
                keys = Keys(secret_key(settings))
                yield Stage(api, load_library().taxonomy, house, house.links, url, morning, directory, keys)
            stop.set()
            await face
            await directory.close()


def first_door(messages: list[Message]) -> str:
    """The name of the first place that was offered."""
    lines = next(message.text for message in messages if message.text.startswith("1. ")).split("\n")
    return lines[0].removeprefix("1. ")


async def tells_refused(person: Person, name: str) -> None:
    """The person presses what came of it, once more than needed."""
    await person.presses(w("Did this help?"))
    await person.reads()
    await person.presses(name)
    [question] = await person.reads()
    for _ in range(2):
        await person.presses(w("They refused me"), on=question)
        assert await person.reads()


async def test_two_refusals_lead_the_next_person_elsewhere(stage: Stage) -> None:
    """One report, pressed twice, flags nothing; a second person's does; the caseworker closes; the third goes elsewhere."""
    ana, doors = await stage.asks_for_shelter()
    name = first_door(doors)
    caseworker = stage.person("es")
    app = await account_with_app(stage.directory, stage.keys, "luz@example.org")
    code = await stage.links.new_code("luz@example.org", ["quito"])
    await caseworker.writes(f"/vincular {code}")
    await caseworker.reads("luz@example.org")

    await tells_refused(ana, name)
    await caseworker.writes("pendientes")
    await caseworker.reads(w("Nothing waits for you."))
    luis, _ = await stage.asks_for_shelter()
    await tells_refused(luis, name)
    await caseworker.writes("pendientes")
    [work] = await caseworker.reads(name)
    assert w("They refused me") in work.text

    await caseworker.writes(f"{name} cerrado una semana")
    [difference] = await caseworker.reads(name)
    _, before = await stage.asks_for_shelter()
    assert first_door(before) == name, "nothing is changed before it is confirmed"
    await caseworker.presses(w("Yes, change it"), on=difference)
    await caseworker.reads("código de su aplicación")
    code = await code_now(app)
    await caseworker.writes(code)
    await caseworker.reads(w("# Done: {service}", service=name).removeprefix("# "))
    await stage.is_gone(caseworker, code)
    await caseworker.presses(w("Yes, change it"), on=difference)
    await caseworker.reads(w("This change does not wait any more. Please write it again."))
    await asyncio.sleep(SEEN)
    await stage.asks_for_shelter()  # makes the directory look again, also on a slow machine
    _, after = await stage.asks_for_shelter()
    offered = [message.text for message in after if message.text.startswith("1. ")]
    assert not any(name in text for text in offered), offered
    assert first_door(after) != name
    await caseworker.writes("pendientes")
    await caseworker.reads(w("Nothing waits for you."))


async def test_a_coordinator_reads_in_the_chat_that_money_was_asked_for(stage: Stage) -> None:
    """The service and what was told reach the linked coordinator, once, with nothing of the person who told it."""
    coordinator = stage.person("es")
    await coordinator.writes(
        f"/vincular {await stage.links.new_code('eva@example.org', ['quito'], 'coordinator')}"
    )
    await coordinator.reads("eva@example.org")
    person, doors = await stage.asks_for_shelter()
    name = first_door(doors)
    await person.presses(w("Did this help?"))
    await person.reads()
    await person.presses(name)
    [question] = await person.reads()
    await person.presses(w("They asked for money"), on=question)
    await person.reads()
    stage.morning.days = 1
    [notice] = await coordinator.reads(w("# People told of this in your places").removeprefix("# "))
    assert name in notice.text
    assert w("They asked for money") in notice.text
    assert notice.labels == []
    await coordinator.writes(f"{name} cerrado hoy")
    answer = await coordinator.reads()
    assert w("Yes, change it") not in [label for message in answer for label in message.labels]


async def test_nobody_else_changes_the_directory(stage: Stage) -> None:
    """The same words of somebody who is not linked are a message like any other; a guessed code links nobody."""
    stranger = stage.person("es")
    await stranger.writes("/vincular ABCDE-FGHJK-MNPQ")
    await stranger.reads(w("This code is used, too old or mistyped. Ask for a new one."))
    await stranger.writes("Albergue San Juan de Dios cerrado hoy")
    answer = await stranger.reads()
    assert w("Yes, change it") not in [label for message in answer for label in message.labels]
    await stranger.writes("pendientes")
    assert not any("reported" in message.text for message in await stranger.reads())


async def test_a_caseworker_who_unlinks_is_nobody_special(stage: Stage) -> None:
    """Linked, then not: the same line is heard differently, and the list is empty of them."""
    caseworker = stage.person("es")
    await caseworker.writes(f"/start link-{await stage.links.new_code('sol@example.org', ['quito'])}")
    await caseworker.reads("sol@example.org")
    await caseworker.writes("/desvincular")
    await caseworker.reads(w("This chat is not linked any more."))
    assert "sol@example.org" not in [link.email for link in await stage.links.listed()]
    await caseworker.writes("Albergue San Juan de Dios lleno hoy")
    answer = await caseworker.reads()
    assert w("Yes, change it") not in [label for message in answer for label in message.labels]


async def test_a_wrong_phone_in_two_taps(stage: Stage) -> None:
    """What is wrong, then the new number if it is known; the caseworker sees it, the directory is as it was."""
    person, doors = await stage.asks_for_shelter()
    name = first_door(doors)
    await person.presses(w("Did this help?"))
    await person.reads()
    await person.presses(name)
    await person.reads()
    await person.presses(w("Something is wrong in the list"))
    await person.reads()
    await person.presses(w("The telephone is wrong"))
    await person.reads()
    await person.writes("02 299 9999")
    await person.reads(w("Thank you. I have passed it on, without anything about you."))
    caseworker = stage.person("es")
    await caseworker.writes(f"/vincular {await stage.links.new_code('mar@example.org', ['quito'])}")
    await caseworker.reads("mar@example.org")
    await caseworker.writes("pendientes")
    await caseworker.reads("02 299 9999")
    _, again = await stage.asks_for_shelter()
    assert not any("02 299 9999" in message.text for message in again)


@pytest.mark.browser
async def test_a_slip_is_marked_at_the_desk_and_read_by_the_person(stage: Stage) -> None:
    """Code and square from the chat, marked in a real browser without scripts, read in the chat."""
    from playwright.async_api import async_playwright

    person, doors = await stage.asks_for_shelter()
    name = first_door(doors)
    await person.presses(w("Referral slip"))
    await person.reads()
    await person.presses(name)
    text, square = await person.reads()
    code = text.text.split("\n")[1]
    assert (square.kind, square.text) == ("photo", code)
    assert name in text.text
    await person.writes(code)
    assert name in (await person.reads())[0].text

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        phone = await browser.new_context(
            java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="es-EC"
        )
        page = await phone.new_page()
        refused: list[str] = []
        page.on(
            "console", lambda message: refused.append(message.text) if "400" not in message.text else None
        )
        response = await page.goto(f"{stage.url}/desk")
        assert response
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert "script" not in await page.content()
        await page.fill("#code", code.lower())
        await page.get_by_role("button", name=w("Look it up")).click()
        assert name in await page.inner_text("main")
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360
        await page.get_by_role("button", name=w("On the waiting list")).click()
        assert await page.get_by_role("status").is_visible()
        # A scanned square code opens the same slip; a refusal without a reason is not taken.
        await page.goto(f"{stage.url}/desk?code={code}&lang=en")
        await page.get_by_role("button", name="Not attended").click()
        assert await page.get_by_role("alert").is_visible()
        await page.select_option("#why", "full")
        await page.get_by_role("button", name="Not attended").click()
        assert await page.get_by_role("status").is_visible()
        await browser.close()
        assert refused == []
    await person.writes(code)
    [state] = await person.reads()
    assert w("there is no room") in state.text
