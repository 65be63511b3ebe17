"""The assistant on standard input and output: a line is a message, `#3` presses the third button of the last reply.

The same turn as every other face. `@-0.18,-78.48` shares a position once. Nothing is written to a file.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterable

from bot.conversation.events import ButtonPressed, CommandGiven, Event, PositionShared, TextSaid
from bot.replies import Reply
from bot.turn import Turn
from bot.turn.contract import as_json
from content.wording import wording

_PRESS = re.compile(r"#\s*(\d{1,3})\s*")
_POSITION = re.compile(r"@\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*")


class Terminal:
    """One conversation over lines."""

    def __init__(self, turn: Turn, write: Callable[[str], None], *, as_lines_of_json: bool = False) -> None:
        self._turn, self._write, self._json = turn, write, as_lines_of_json
        self._person = secrets.token_bytes(16)
        self._last: Reply | None = None

    def set_out(self, place: str | None, language: str | None) -> None:
        """Begin in a place and a language."""
        self._turn.set_out(self._person, place, language)

    async def welcome(self) -> None:
        """Show the first screen."""
        self._show(await self._turn.take(CommandGiven("start"), self._person))

    async def talk(self, lines: AsyncIterator[str]) -> None:
        """Answer line after line until there are no more."""
        async for line in lines:
            if line.strip():
                await self.answer(line.strip())

    async def answer(self, line: str) -> None:
        """Answer one line."""
        event = self._event(line)
        if event is not None:
            self._show(await self._turn.take(event, self._person))

    def _event(self, line: str) -> Event | None:
        if press := _PRESS.fullmatch(line):
            return self._press(int(press[1]))
        if position := _POSITION.fullmatch(line):
            return PositionShared(float(position[1]), float(position[2]))
        if line.startswith("/"):
            name, _, argument = line[1:].partition(" ")
            return CommandGiven(name, argument)
        return TextSaid(line)

    def _press(self, number: int) -> Event | None:
        buttons = self._last.buttons if self._last else ()
        button = buttons[number - 1] if 0 < number <= len(buttons) else None
        if button is None or button.data:
            # A number that is not there is answered like an old button, in words and in the same shape.
            return ButtonPressed(button.data if button else "")
        w = wording(self._turn.language_of(self._person) or "es")
        text = button.url or w("Write your position as {example}.", example="@-0.18,-78.48")
        self._show([Reply(text=text, buttons=buttons)])
        return None

    def _show(self, replies: Iterable[Reply]) -> None:
        for reply in replies:
            self._last = reply
            self._write(json.dumps(as_json(reply), ensure_ascii=False) if self._json else in_lines(reply))


def in_lines(reply: Reply) -> str:
    """A reply for people who read a terminal, its buttons numbered."""
    text = re.sub(r"(?m)^# (.*)$", lambda match: f"== {match[1]} ==", reply.text)
    buttons = [f"  #{number}  {button.label}" for number, button in enumerate(reply.buttons, start=1)]
    return "\n".join([text, *buttons, ""])
