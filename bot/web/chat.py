"""The web chat: the same turn behind a page that works with and without a script.

With the script, `POST /chat` takes JSON and gives JSON; without it, the form posts to `/` and the page comes back
with the answer. What the person wrote is shown back once and kept nowhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.conversation.events import ButtonPressed, CommandGiven, Event, PositionShared, TextSaid
from bot.replies import Reply
from bot.turn import Turn
from bot.turn.contract import as_json
from bot.web.guarding import guards
from bot.web.markup import as_html, as_square
from bot.web.visitors import forget, person_of, remember, same_origin, visitor_of
from content.library import Library
from content.wording import wording

ROOM = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Asked:
    """What a request asks for; `said` is shown back on the page without a script."""

    event: Event | None
    said: str = ""


class WebChat:
    """The chat page and its two ways of sending a message."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._templates = Environment(loader=FileSystemLoader(ROOM / "templates"), autoescape=True)
        self._templates.filters["as_html"] = as_html
        self._templates.filters["as_square"] = as_square

    def app(self) -> Starlette:
        """The application, to be mounted at the root."""
        return Starlette(
            routes=[
                Route("/", self.page, methods=["GET"]),
                Route("/", self.form, methods=["POST"]),
                Route("/chat", self.script, methods=["POST"]),
                Route("/exit", self.leave, methods=["GET"]),
                Mount("/static", StaticFiles(directory=ROOM / "static"), name="static"),
            ],
            middleware=guards(),
            exception_handlers={404: self.gone},
        )

    async def page(self, request: Request) -> Response:
        """The page as it is first seen; `?card=` opens a card, `?lang=` and `?place=` set out."""
        visitor = visitor_of(request)
        person = person_of(visitor)
        self._set_out(request, person)
        language = self._language(request, person)
        if card := request.query_params.get("card"):
            replies = await self._turn.take(CommandGiven("start", card, language_hint=language), person)
        else:
            replies = await self._turn.greet(language, person)
        response = self._page(request, replies, person, greeted=not card)
        remember(request, response, visitor)
        return response

    async def form(self, request: Request) -> Response:
        """A message without a script."""
        if not same_origin(request):
            return Response("This form belongs to another page.", 403)
        try:
            form = await request.form(max_files=0, max_fields=8)
        except ClientDisconnect:
            return Response("This message is too long.", 413)
        values = {key: value for key, value in form.items() if isinstance(value, str)}
        return await self._answer(request, values, self._page)

    async def script(self, request: Request) -> Response:
        """A message from the page's script."""
        if not same_origin(request):
            return JSONResponse({"error": "This request belongs to another page."}, 403)
        try:
            values = json.loads(await request.body())
        except ClientDisconnect:
            return JSONResponse({"error": "This message is too long."}, 413)
        except (ValueError, RecursionError):
            return JSONResponse({"error": "Send JSON: text, button or position."}, 400)
        if not isinstance(values, dict):
            return JSONResponse({"error": "Send a JSON object: text, button or position."}, 400)
        return await self._answer(request, values, self._json)

    async def leave(self, request: Request) -> Response:
        """Forget at once and go to a page that says nothing about anybody."""
        visitor = visitor_of(request)
        language = self._language(request, person_of(visitor))
        await self._turn.take(CommandGiven("borrar"), person_of(visitor))
        response = RedirectResponse(f"https://{language}.wikipedia.org/", 303)
        forget(request, response)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    async def gone(self, request: Request, error: Exception) -> Response:
        """A page that does not exist, in the reader's language, with the way to the chat."""
        language = self._language(request, person_of(visitor_of(request)))
        text = self._templates.get_template("gone.html").render(language=language, w=wording(language))
        return HTMLResponse(text, 404)

    async def _answer(self, request: Request, values: dict[str, Any], show: Any) -> Response:
        visitor = visitor_of(request)
        person = person_of(visitor)
        hint = self._language(request, person)
        asked = asked_of(values, hint)
        if values.get("greeted") and isinstance(asked.event, TextSaid):
            await self._turn.greet(hint, person, seen=True)
        replies = (
            await self._turn.take(asked.event, person)
            if asked.event
            else await self._turn.greet(hint, person)
        )
        response: Response = show(request, replies, person, asked.said)
        if any(reply.erase for reply in replies):
            forget(request, response)
        else:
            remember(request, response, visitor)
        return response

    def _json(self, request: Request, replies: list[Reply], person: bytes, said: str = "") -> Response:
        template = self._templates.get_template("replies.html")
        language = self._turn.language_of(person) or self._language(request, person)
        html = template.render(replies=replies, w=wording(language))
        erase = any(reply.erase for reply in replies)
        return JSONResponse({
            "replies": [as_json(reply) for reply in replies],
            "html": html, "erase": erase, "language": language,
        })  # fmt: skip

    def _page(
        self, request: Request, replies: list[Reply], person: bytes, said: str = "", *, greeted: bool = False
    ) -> Response:
        language = self._turn.language_of(person) or self._language(request, person)
        library = self._turn.library
        text = self._templates.get_template("chat.html").render(
            replies=replies, said=said, language=language, w=wording(language), languages=library.languages,
            greeted=greeted, emergency=emergency_of(library, language), nothing=Markup(""),
        )  # fmt: skip
        return HTMLResponse(text)

    def _set_out(self, request: Request, person: bytes) -> None:
        library = self._turn.library
        language = request.query_params.get("lang")
        place = request.query_params.get("place")
        known = language if language in {known.code for known in library.languages} else None
        here = place if place in {known.code for known in library.places.open} else None
        if known or here:
            self._turn.set_out(person, here, known)

    def _language(self, request: Request, person: bytes) -> str:
        known = [language.code for language in self._turn.library.languages]
        wanted = (
            part.split(";")[0].strip()[:2].lower()
            for part in request.headers.get("accept-language", "").split(",")
        )
        return self._turn.language_of(person) or next((code for code in wanted if code in known), known[0])


def asked_of(values: dict[str, Any], hint: str | None) -> Asked:
    """The event in a form or JSON object; none when it holds nothing to answer."""
    button, text, position = values.get("button"), values.get("text"), values.get("position")
    if isinstance(button, str) and button:
        return Asked(ButtonPressed(button, language_hint=hint))
    if _is_position(position):
        assert isinstance(position, list)
        return Asked(PositionShared(float(position[0]), float(position[1]), language_hint=hint))
    if isinstance(text, str) and text.strip():
        return Asked(TextSaid(text.strip(), language_hint=hint), text.strip())
    return Asked(None)


def _is_position(position: object) -> bool:
    if not isinstance(position, list) or len(position) != 2:
        return False
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in position)
    return numbers and abs(position[0]) <= 90 and abs(position[1]) <= 180


def emergency_of(library: Library, language: str) -> list[tuple[str, list[Any]]]:
    """The numbers for life in danger of each country, always in reach on the page."""
    found: dict[str, tuple[str, list[Any]]] = {}
    for place in library.places.open:
        names = [found[place.country][0]] if place.country in found else []
        numbers = [
            number for number in library.emergency(place.code)
            if {"violence", "medical"} & set(number.dangers)
        ][:3]  # fmt: skip
        found[place.country] = (", ".join([*names, place.name(language)]), numbers)
    return list(found.values())
