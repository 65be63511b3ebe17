"""Terminal and web run the same turn: one contract over both, the web over real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
import uvicorn

from bot.terminal import Terminal
from bot.web.app import build_app
from bot.web.guarding import MOST_BYTES
from bot.web.watch import Metrics
from content.library import Library
from tests.bot.doubles import BrokenDirectory, Street, Talk, door, talk, understood

READINGS = {
    "no tengo donde dormir": understood("shelter.temporary"),
    "comida en quito": understood("basics.food", place="quito"),
    "me pega": understood("protection.gender_violence", danger="violence", place="quito"),
}
Say = Callable[[str], Awaitable[list[dict[str, Any]]]]
FIELDS = {"kind", "text", "buttons", "need", "services", "outcome"}


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@contextlib.asynccontextmanager
async def served(person: Talk, **checks: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The web application on a real socket, and a client with its cookies."""
    app = build_app(person.turn, checks=checks, metrics=Metrics())
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = _Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False))
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=address, headers={"Accept-Language": "es"}) as client:
            yield client
        server.should_exit = True
        await task


@pytest.fixture(params=["terminal", "web"])
async def say(request: pytest.FixtureRequest, library: Library) -> AsyncIterator[Say]:
    """Say a line to a face and get its replies as the contract's JSON; `#3` presses."""
    person = talk(library, READINGS)
    if request.param == "terminal":
        written: list[str] = []
        terminal = Terminal(person.turn, written.append, as_lines_of_json=True)

        async def over_lines(line: str) -> list[dict[str, Any]]:
            written.clear()
            await terminal.answer(line)
            return [json.loads(one) for one in written]

        yield over_lines
        return
    async with served(person) as client:
        buttons: list[str] = []

        async def over_http(line: str) -> list[dict[str, Any]]:
            what = {"button": buttons[int(line[1:]) - 1]} if line.startswith("#") else {"text": line}
            answer = (await client.post("/chat", json=what)).json()
            last = answer["html"].rsplit("<form", 1)[-1]
            tags = re.findall(r"<button[^>]*>", last)
            values = [re.search(r'value="([^"]*)"', tag) for tag in tags]
            buttons[:] = [value[1] if value else "" for value in values]
            return answer["replies"]

        yield over_http


async def test_both_faces_answer_with_the_same_replies(say: Say, library: Library) -> None:
    """
    A question, a press, danger and nonsense: the same fields, in the same order, as the turn gave them.
    """
    told = [await say(line) for line in ("no tengo donde dormir", "#1", "me pega", "xyzzy", "/menu")]
    direct = talk(library, READINGS)
    expected = [
        await direct.say("no tengo donde dormir", language_hint="es"), await direct.press("Quito"),
        await direct.say("me pega"), await direct.say("xyzzy"), await direct.say("/menu"),
    ]  # fmt: skip
    for replies, awaited in zip(told, expected, strict=True):
        assert [set(reply) for reply in replies] == [FIELDS] * len(awaited)
        assert [reply["text"] for reply in replies] == [reply.text for reply in awaited]
        assert [reply["outcome"] for reply in replies] == [reply.outcome for reply in awaited]
        labels = [[button["label"] for button in reply["buttons"]] for reply in replies]
        assert labels == [[button.label for button in reply.buttons] for reply in awaited]


async def test_a_number_that_is_no_button_is_answered(library: Library) -> None:
    """
    `#99` is answered like an old button, in the same shape.
    """
    written: list[str] = []
    terminal = Terminal(talk(library).turn, written.append, as_lines_of_json=True)
    await terminal.answer("#99")
    assert set(json.loads(written[0])) == FIELDS


async def test_the_page_works_without_a_script(library: Library) -> None:
    """
    A form post brings the page back with the answer; a pressed button too; what was said is shown once.
    """
    async with served(talk(library, READINGS)) as client:
        page = await client.get("/")
        assert page.status_code == 200
        answered = await client.post("/", data={"text": "comida en quito"})
        assert "Comida · Quito" in answered.text
        assert "comida en quito" in answered.text
        data = re.findall(r'name="button" value="([^"]+)"', answered.text)[0]
        pressed = await client.post("/", data={"button": data})
        assert pressed.status_code == 200
        assert "comida en quito" not in pressed.text


async def test_nothing_on_the_page_comes_from_elsewhere_or_stands_inline(library: Library) -> None:
    """
    No script or style in the page, none from another host, and a policy that would refuse them.
    """
    async with served(talk(library, READINGS)) as client:
        page = await client.get("/")
        assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", page.text)
        assert all(address.startswith("/") for address in re.findall(r'(?:src|href)="([^"#]+)"', page.text)
                   if not address.startswith("tel:"))  # fmt: skip
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
            assert (await client.get(address)).status_code == 200


async def test_what_a_directory_or_a_person_wrote_is_never_markup(library: Library) -> None:
    """
    A name with tags in it, an address that is a script, and a message with tags are shown as they are.
    """
    evil = door(
        1,
        name="<script>alert(1)</script>",
        url='https://x.example/"onmouseover="x',
        note="javascript:alert(1)",
    )
    person = talk(library, READINGS, directory=Street((evil,)))
    async with served(person) as client:
        said = await client.post("/", data={"text": "<b>comida</b>"})
        assert "&lt;b&gt;comida&lt;/b&gt;" in said.text
        answer = (await client.post("/chat", json={"text": "comida en quito"})).json()["html"]
        assert "<script>" not in answer
        assert 'href="javascript' not in answer
        assert "onmouseover=" not in re.sub(r'"[^"]*"', "", answer).replace("&#34;onmouseover=", "")


async def test_telephones_and_addresses_are_links(library: Library) -> None:
    """
    Every telephone of a door and every emergency number can be tapped.
    """
    async with served(talk(library, READINGS)) as client:
        html = (await client.post("/chat", json={"text": "me pega"})).json()["html"]
        assert 'href="tel:911"' in html
        assert 'href="tel:+59322993201"' in html
        assert 'role="alert"' in html


async def test_the_cookie_is_for_this_visit_alone(library: Library) -> None:
    """
    No lifetime, no script, no other site; with https the name that browsers bind to the host.
    """
    async with served(talk(library, READINGS)) as client:
        cookie = (await client.get("/")).headers["set-cookie"]
        assert cookie.startswith("orienta=")
        assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
        assert "Max-Age" not in cookie
        secure = await client.get("/", headers={"X-Forwarded-Proto": "https"})
        assert secure.headers["set-cookie"].startswith("__Host-orienta=")
        assert "Secure" in secure.headers["set-cookie"]


async def test_leaving_quickly_forgets_and_goes_elsewhere(library: Library) -> None:
    """
    The session is gone, the cookie is taken away, and the page that follows says nothing about anybody.
    """
    person = talk(library, READINGS)
    async with served(person) as client:
        await client.post("/chat", json={"text": "comida en quito"})
        assert len(person.sessions) == 1
        left = await client.get("/exit")
        assert left.status_code == 303
        assert left.headers["location"] == "https://es.wikipedia.org/"
        assert "Max-Age=0" in left.headers["set-cookie"]
        assert len(person.sessions) == 0


async def test_looking_at_the_page_counts_and_remembers_nothing(library: Library) -> None:
    """
    A visitor who has not asked anything leaves no session and no count.
    """
    person = talk(library, READINGS)
    async with served(person) as client:
        await client.get("/")
    assert len(person.sessions) == 0
    assert person.counted.happenings == []


async def test_the_first_screen_can_be_answered_by_a_number(library: Library) -> None:
    """
    With and without a script the page says that its first screen is what is answered; a later number is not for it.
    """
    for how in ({"data": {"text": "2", "greeted": "1"}}, {"json": {"text": "2", "greeted": True}}):
        async with served(talk(library, READINGS)) as client:
            page = await client.get("/")
            assert 'name="greeted" value="1"' in page.text
            answer = await client.post("/" if "data" in how else "/chat", **how)  # type: ignore[arg-type]
            text = answer.text if "data" in how else answer.json()["html"]
            assert "¿Dónde está?" in text
            assert 'name="greeted"' not in text
            chosen = (await client.post("/chat", json={"text": "1"})).json()
            assert "Quito" in chosen["replies"][0]["text"]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[" * 16_000, 400), (b"[]", 400), (b'"x"', 400), (b"\xff", 400), (b'{"text": 5}', 200), (b'{"position": [95, 1]}', 200),
     (b'{"text": "' + b"x" * MOST_BYTES + b'"}', 413)],
)  # fmt: skip
async def test_odd_requests_get_an_answer_and_no_failure(library: Library, body: bytes, status: int) -> None:
    """
    Whatever is sent to the chat, the server answers in words and goes on.
    """
    async with served(talk(library, READINGS)) as client:
        assert (await client.post("/chat", content=body)).status_code == status
        assert (await client.get("/healthz")).status_code == 200


async def test_a_page_that_does_not_exist_leads_to_the_chat(library: Library) -> None:
    """In the reader's language, with the headers of every page, and without a cookie."""
    async with served(talk(library, READINGS)) as client:
        page = await client.get("/nothing", headers={"accept-language": "pt-BR,pt;q=0.9"})
    assert page.status_code == 404
    assert "Esta página não existe." in page.text
    assert 'lang="pt"' in page.text
    assert 'href="/"' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "set-cookie" not in page.headers


async def test_another_site_cannot_speak_for_a_visitor(library: Library) -> None:
    """
    A form on another page is refused.
    """
    async with served(talk(library, READINGS)) as client:
        for path in ("/", "/chat"):
            answer = await client.post(path, json={"text": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
            assert answer.status_code == 403


async def test_a_language_of_the_page_can_be_chosen(library: Library) -> None:
    """
    `?lang=pt` speaks Portuguese from then on; the browser's language is the first guess.
    """
    async with served(talk(library, READINGS)) as client:
        assert 'lang="pt"' in (await client.get("/?lang=pt")).text
        assert '<html lang="pt">' in (await client.get("/")).text
        client.cookies.clear()
        page = await client.get("/", headers={"Accept-Language": "fr-FR,fr;q=0.9"})
        assert '<html lang="fr">' in page.text


async def test_operators_see_whether_it_lives_and_can_answer(library: Library) -> None:
    """
    Alive is not the same as able to answer, and the metrics tell nothing about demand.
    """

    async def away() -> bool:
        raise OSError("database is away")

    async def there() -> bool:
        return True

    async with served(
        talk(library, READINGS, directory=BrokenDirectory()), directory=away, content=there
    ) as client:
        assert (await client.get("/healthz")).status_code == 200
        ready = await client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["checks"] == {"directory": False, "content": True}
        await client.post("/chat", json={"text": "comida en quito"})
        metrics = (await client.get("/metrics")).text
        assert "orienta_turn_seconds" in metrics
        assert not re.search(r"quito|basics|language|place=", metrics)
