"""The stand-in keeps every rule that it names. Plain HTTP, no bot library."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.bot_api import RULES, BotApi, Faults
from tests.serving import serving

_PROVED: set[str] = set()


def proves(*codes: str) -> Callable[[Any], Any]:
    """Marks a test with the rules it proves; a code that is no rule is an error."""
    for code in codes:
        assert code in RULES, code
    _PROVED.update(codes)
    return lambda test: test


class Client:
    """Calls methods as any bot would."""

    def __init__(self, api: BotApi, http: httpx.AsyncClient) -> None:
        self.api = api
        self.http = http

    async def call(self, method: str, **given: Any) -> dict[str, Any]:
        """The whole answer."""
        fields = {key: value if isinstance(value, str) else json.dumps(value) for key, value in given.items()}
        answer = await self.http.post(f"{self.api.url}/bot{self.api.token}/{method}", data=fields)
        return dict(answer.json()) | {"status": answer.status_code}

    async def result(self, method: str, **given: Any) -> Any:
        """The result of a call that must work."""
        answer = await self.call(method, **given)
        assert answer["ok"], answer
        return answer["result"]


@contextlib.asynccontextmanager
async def client(**given: Any) -> AsyncIterator[Client]:
    async with BotApi(**given) as api, httpx.AsyncClient(timeout=30, trust_env=False) as http:
        yield Client(api, http)


def ids(updates: list[dict[str, Any]]) -> list[int]:
    return [update["update_id"] for update in updates]


@proves(
    "confirmed_by_higher_offset", "negative_offset_forgets", "future_offset_confirms_nothing", "at_most_100"
)
async def test_offsets() -> None:
    """Reading confirms nothing; a higher offset confirms what is before it; −1 keeps the last alone."""
    async with client() as bot:
        person = bot.api.person()
        sent = [await person.writes(str(number)) for number in range(150)]
        assert ids(await bot.result("getUpdates", limit=500)) == sent[:100]
        assert ids(await bot.result("getUpdates", offset=sent[0], limit=3)) == sent[:3]
        assert ids(await bot.result("getUpdates", offset=sent[99] + 1)) == sent[100:]
        assert ids(await bot.result("getUpdates", offset=sent[-1] + 5000)) == sent[100:]
        assert ids(await bot.result("getUpdates", offset=-1)) == sent[-1:]
        assert len(bot.api.updates.waiting) == 1


@proves("kept_24_hours")
async def test_a_day() -> None:
    """After a day an update is gone, unread."""
    async with client() as bot:
        person = bot.api.person()
        old = await person.writes("old", age=3600)
        new = await person.writes("new")
        bot.api.clock.advance(23 * 3600 + 60)
        assert ids(await bot.result("getUpdates")) == [new]
        assert bot.api.updates.expired == [old]


@proves("limit_1_after_repeat", "wait_3_after_repeat")
async def test_the_same_offset_again() -> None:
    """Within half a second one update only; within three seconds an empty answer waits."""
    async with client() as bot:
        person = bot.api.person()
        first = await person.writes("1")
        await person.writes("2")
        assert len(await bot.result("getUpdates", offset=first)) == 2
        assert len(await bot.result("getUpdates", offset=first)) == 1
        await asyncio.sleep(0.55)
        assert len(await bot.result("getUpdates", offset=first)) == 2
        await bot.result("getUpdates", offset=first + 2, timeout=0)
        started = time.monotonic()
        await bot.result("getUpdates", offset=first + 2, timeout=0)
        assert time.monotonic() - started > 2.5


@proves("one_receiver", "conflicts_3_s_apart", "webhook_or_polling")
async def test_conflicts() -> None:
    """The one who waits is ended by the next; a second conflict comes late; a webhook forbids polling."""
    async with client() as bot:
        first = asyncio.create_task(bot.call("getUpdates", timeout=20))
        await asyncio.sleep(0.2)
        second = asyncio.create_task(bot.call("getUpdates", timeout=20))
        assert (await first)["status"] == 409
        started = time.monotonic()
        third = asyncio.create_task(bot.call("getUpdates", timeout=20))
        assert (await second)["error_code"] == 409
        assert time.monotonic() - started > 2.5
        await bot.api.person().writes("x")
        assert len((await third)["result"]) == 1
        await bot.result("setWebhook", url="http://127.0.0.1:9/")
        assert (await bot.call("getUpdates"))["status"] == 409


@proves("allowed_updates")
async def test_kinds() -> None:
    """What was not asked for is not queued, also in later calls that do not repeat the list."""
    async with client() as bot:
        person = bot.api.person()
        await bot.result("getUpdates", allowed_updates=["message"])
        await person.blocks()
        await person.writes("x")
        await bot.result("getUpdates", offset=1)
        assert [list(update)[1] for update in await bot.result("getUpdates")] == ["message"]


@proves("webhook_in_order", "webhook_retry", "webhook_retry_after", "webhook_secret")
async def test_webhooks() -> None:
    """In order per chat, the secret with each, at once and then slower after a failure, Retry-After honoured."""
    got: list[tuple[int, str, str]] = []
    answers = {"a1": [500, 500, 500, 200], "b1": [503, 200]}

    async def take(request: Request) -> Response:
        update = await request.json()
        text = update["message"]["text"]
        got.append(
            (
                update["message"]["chat"]["id"],
                text,
                request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""),
            )
        )
        status = answers[text].pop(0) if answers.get(text) else 200
        return Response(status_code=status, headers={"Retry-After": "7"} if status == 503 else {})

    async with (
        client() as bot,
        serving(Starlette(routes=[Route("/hook", take, methods=["POST"])])) as address,
    ):
        bot.api.hurry = 50
        one, two = bot.api.person(), bot.api.person()
        assert not (await bot.call("setWebhook", url=f"{address}/hook", secret_token="no spaces"))["ok"]
        await bot.result("setWebhook", url=f"{address}/hook", secret_token="s3cret")
        hook = bot.api.webhook
        assert hook is not None
        for text in ("a1", "a2", "a3"):
            await one.writes(text)
        await two.writes("b1")
        await one.waits_until_taken()
        await two.waits_until_taken()
        assert [text for chat, text, _ in got if chat == one.chat_id] == ["a1"] * 4 + ["a2", "a3"]
        assert {secret for *_, secret in got} == {"s3cret"}
        assert sorted(hook.delays) == [0, 2, 4, 7]


@proves("flood_in_all", "flood_per_chat", "flood_per_group", "pause_holds")
async def test_flood() -> None:
    """Too much in one chat, in a group or in all is refused, and inside the pause everything is."""
    async with client() as bot:
        person, other = bot.api.person(), bot.api.person()
        answers = [await bot.call("sendMessage", chat_id=person.chat_id, text="x") for _ in range(6)]
        assert [answer["status"] for answer in answers] == [200] * 4 + [429] * 2
        assert answers[4]["parameters"]["retry_after"] == 3
        assert (await bot.call("sendMessage", chat_id=other.chat_id, text="x"))["status"] == 429
        assert bot.api.flood.inside_pause == 2
        bot.api.clock.advance(10)
        people = [bot.api.person() for _ in range(40)]
        codes = [(await bot.call("sendMessage", chat_id=each.chat_id, text="x"))["status"] for each in people]
        assert codes.count(200) <= 31
        bot.api.clock.advance(100)
        group = bot.api.person(group=-100)
        codes = []
        for _ in range(21):
            bot.api.clock.advance(1.1)
            codes.append((await bot.call("sendMessage", chat_id=group.chat_id, text="x"))["status"])
        assert codes == [200] * 20 + [429]


@proves("blocked", "chat_not_found")
async def test_who_is_gone() -> None:
    """403 for who blocked the bot, 400 for who never wrote."""
    async with client() as bot:
        person = bot.api.person()
        await person.blocks()
        assert (await bot.call("sendMessage", chat_id=person.chat_id, text="x"))["status"] == 403
        assert "chat not found" in (await bot.call("sendMessage", chat_id=1, text="x"))["description"]


@proves("text_empty", "text_too_long", "broken_entities", "too_many_entities")
@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        ("", "", "empty"),
        (" \n ", "", "empty"),
        ("<b> </b>", "HTML", "empty"),
        ("x" * 4097, "", "too long"),
        ("😀" * 2049, "", "too long"),
        ("<b>x", "HTML", "can't parse entities"),
        ("x</b>", "HTML", "can't parse entities"),
        ("<blink>x</blink>", "HTML", "Unsupported start tag"),
        ("a < b", "HTML", "can't parse entities"),
        ("<b>x</i></b>", "HTML", "Unmatched end tag"),
        ("<b>x</b>" * 101, "HTML", "too many"),
    ],
)
async def test_texts_that_are_refused(text: str, mode: str, words: str) -> None:
    """A bad text is refused with Telegram's words."""
    async with client() as bot:
        person = bot.api.person()
        answer = await bot.call("sendMessage", chat_id=person.chat_id, text=text, parse_mode=mode)
        assert answer["status"] == 400
        assert words in answer["description"]


async def test_texts_that_pass() -> None:
    """4,096 units pass, references are read, tags are not counted."""
    async with client() as bot:
        person = bot.api.person()
        await bot.result("sendMessage", chat_id=person.chat_id, text="😀" * 2048)
        await bot.result(
            "sendMessage", chat_id=person.chat_id, text="<b>a &lt; b &amp; c</b>", parse_mode="HTML"
        )
        assert person.visible[-1].text == "a < b & c"


@proves("callback_data_bytes", "button_one_kind", "button_url")
@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": " ", "callback_data": "x"}, "non-empty"),
        ({"text": "x"}, "unallowed"),
        ({"text": "x", "url": "tel:+59322222222"}, "invalid"),
        ({"text": "x", "url": "mailto:a@example.org"}, "invalid"),
    ],
)
async def test_buttons_that_are_refused(button: dict[str, str], words: str) -> None:
    """A bad button is refused."""
    async with client() as bot:
        person = bot.api.person()
        answer = await bot.call(
            "sendMessage", chat_id=person.chat_id, text="x", reply_markup={"inline_keyboard": [[button]]}
        )
        assert words in answer["description"]


@proves("edit_unknown", "edit_same", "delete_limits")
async def test_edits_and_deletions() -> None:
    """Only one's own messages that are there can be edited, to something else; 100 ids and 48 hours for deleting."""
    async with client() as bot:
        person = bot.api.person()
        await person.writes("x")
        sent = await bot.result("sendMessage", chat_id=person.chat_id, text="one")
        where = {"chat_id": person.chat_id, "message_id": sent["message_id"]}
        assert (
            "to edit not found"
            in (await bot.call("editMessageText", **where | {"message_id": 9999}, text="x"))["description"]
        )
        assert "not modified" in (await bot.call("editMessageText", **where, text="one"))["description"]
        await bot.result("editMessageText", **where, text="two")
        assert not (await bot.call("deleteMessages", chat_id=person.chat_id, message_ids=list(range(101))))[
            "ok"
        ]
        bot.api.clock.advance(49 * 3600)
        await bot.result("deleteMessages", chat_id=person.chat_id, message_ids=[sent["message_id"]])
        assert [message.text for message in person.visible] == ["two"]
        new = await bot.result("sendMessage", chat_id=person.chat_id, text="new")
        await bot.result("deleteMessages", chat_id=person.chat_id, message_ids=[new["message_id"]])
        assert [message.text for message in person.visible] == ["two"]


@proves("query_answered_in_time")
async def test_presses() -> None:
    """A press can be answered once, and soon."""
    async with client() as bot:
        person = bot.api.person()
        keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
        await bot.result("sendMessage", chat_id=person.chat_id, text="x", reply_markup=keyboard)
        await person.presses("yes")
        query = (await bot.result("getUpdates"))[0]["callback_query"]
        assert query["data"] == "y"
        await bot.result("answerCallbackQuery", callback_query_id=query["id"])
        assert (
            "too old" in (await bot.call("answerCallbackQuery", callback_query_id=query["id"]))["description"]
        )
        await person.presses("yes")
        bot.api.clock.advance(60)
        late = (await bot.result("getUpdates", offset=-1))[0]["callback_query"]["id"]
        assert not (await bot.call("answerCallbackQuery", callback_query_id=late))["ok"]


@proves("commands", "position_in_range", "wrong_token", "unknown_method")
async def test_the_rest() -> None:
    """Commands, coordinates, token and method are checked."""
    async with client() as bot:
        person = bot.api.person()
        bad_commands = [[{"command": "Menú", "description": "x"}], [{"command": "menu", "description": ""}]]
        for commands in bad_commands:
            assert not (await bot.call("setMyCommands", commands=commands))["ok"]
        venue = {"chat_id": person.chat_id, "latitude": "0", "longitude": "0", "title": "x", "address": ""}
        assert not (await bot.call("sendVenue", **venue))["ok"]
        assert not (await bot.call("sendLocation", chat_id=person.chat_id, latitude="95", longitude="0"))[
            "ok"
        ]
        assert (await bot.call("sendEverything"))["status"] == 404
        for token, status in (("1:short", 404), ("9:" + "x" * 35, 401)):
            answer = await bot.http.post(f"{bot.api.url}/bot{token}/getMe")
            assert answer.status_code == status


async def test_faults_break_what_they_say() -> None:
    """A reset before loses the call, one after loses the answer alone; half an answer and 5xx are seen as such."""
    async with client(faults=Faults()) as bot:
        person = bot.api.person()
        for fault, happened in (("reset_before", 0), ("reset_after", 1), ("half_answer", 2)):
            bot.api.faults.next = [fault]  # type: ignore[list-item]
            with pytest.raises(httpx.TransportError):
                await bot.call("sendMessage", chat_id=person.chat_id, text="x")
            assert len(person.visible) == happened
        bot.api.faults.next = ["server_error"]
        answer = await bot.http.post(f"{bot.api.url}/bot{bot.api.token}/getMe")
        assert answer.status_code == 502


def test_every_rule_is_proved() -> None:
    """No rule is named without a test, and each says where it is known from."""
    assert set(RULES) - _PROVED == set()
    assert all(rule.source and rule.says for rule in RULES.values())
