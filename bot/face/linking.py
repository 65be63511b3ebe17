"""Linking a caseworker's own chat: `/vincular CODE` and `/desvincular`, answered by the face itself.

Here alone a chat and an e-mail meet; the turn is told the e-mail and never the chat.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from bot.conversation.events import Caseworker, CommandGiven, Event, Left
from bot.replies import Reply
from content.wording import wording

_LINK = frozenset(("vincular", "link"))
_UNLINK = frozenset(("desvincular", "unlink"))
_PREFIX = "link-"  # `t.me/<bot>?start=link-CODE` opens the chat and links it


class ChatLinks(Protocol):
    """Who linked which chat."""

    async def link(self, code: str, chat: int) -> Caseworker | None:
        """Link a chat by its code."""
        ...

    async def who(self, chat: int) -> Caseworker | None:
        """The caseworker of a chat."""
        ...

    async def unlink(self, email: str) -> bool:
        """Remove a caseworker's link."""
        ...


async def linking_reply(links: ChatLinks, event: Event, chat: int, language: str) -> Reply | None:
    """The answer to a command about linking; None for everything else."""
    if not isinstance(event, CommandGiven):
        return None
    if code := _code(event):
        return Reply(text=await _link(links, code, chat, language), language=language)
    if event.name in _UNLINK:
        await forget_link(links, chat)
        return Reply(text=wording(language)("This chat is not linked any more."), language=language)
    return None


async def with_caseworker(links: ChatLinks, event: Event, chat: int) -> Event:
    """The event, saying which caseworker it comes from if the chat is linked. A coordinator writes as anybody does."""
    worker = None if isinstance(event, Left) else await links.who(chat)
    return replace(event, caseworker=worker) if worker and worker.may_write else event


async def forget_link(links: ChatLinks, chat: int) -> None:
    """Remove the link of a chat, if it has one."""
    worker = await links.who(chat)
    if worker:
        await links.unlink(worker.email)


def _code(event: CommandGiven) -> str:
    if event.name in _LINK:
        return event.argument
    starts = event.name == "start" and event.argument.startswith(_PREFIX)
    return event.argument.removeprefix(_PREFIX) if starts else ""


async def _link(links: ChatLinks, code: str, chat: int, language: str) -> str:
    w = wording(language)
    worker = await links.link(code, chat)
    if worker is None:
        return w("This code is used, too old or mistyped. Ask for a new one.")
    if not worker.may_write:
        return w(
            "This chat is linked to {email}. When people of your places say that somebody asked for money or refused"
            " them, you read it here the next morning, without anything about them. With /desvincular you end it.",
            email=worker.email,
        )
    how = w(
        'This chat is linked to {email}. Write the name of a service and what changed, as in "Casa Azul closed today",'
        ' "Casa Azul full until Monday", "Casa Azul new phone 02 299 3200". Write "pending" to see what people reported.'
        " With /desvincular you end it.",
        email=worker.email,
    )
    code = w("Before a change, once in twelve hours, I ask for the code of your authenticator app.")
    return f"{how}\n{code}"
