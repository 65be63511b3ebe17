"""Sentences that people chose to send because the assistant did not understand them: read, decide, gone.

For administrators and for coordinators of every place, since nobody knows where a sentence comes from. Whatever is
decided deletes it; the log says who decided and never what the sentence said.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import audit, demand
from console.policy import EVERYWHERE_OVERSEERS, Page
from console.visit import Visit
from demand.sentences import Sentence

_VERDICTS = ("accepted", "rejected")


def routes() -> list[BaseRoute]:
    """The routes of sentences."""
    return [
        Page("/sentences", sentences, EVERYWHERE_OVERSEERS),
        Page("/sentences/decide", decide, EVERYWHERE_OVERSEERS, ["POST"]),
    ]


async def sentences(visit: Visit) -> Response:
    """What waits for a decision."""
    return _page(visit, await demand.sentences(visit))


async def decide(visit: Visit) -> Response:
    """Take a sentence up, which shows it once more, or set it aside; both delete it."""
    number, verdict = visit.said("sentence"), visit.said("verdict")
    if verdict not in _VERDICTS or not number.isdecimal() or len(number) > 9:
        raise HTTPException(404)
    taken = await demand.take_sentence(visit, int(number))
    if taken is None:
        raise HTTPException(404)
    async with visit.desk.sessions.writing() as writing:
        await audit.note(
            writing, visit.desk.now(), visit.account.email, "sentence", detail={"verdict": verdict}
        )
    if verdict == "rejected":
        return visit.to("/sentences")
    return _page(visit, await demand.sentences(visit), taken)


def _page(visit: Visit, found: tuple[Sentence, ...], taken: Sentence | None = None) -> Response:
    names = {language.code: language.name for language in visit.desk.library.languages}
    return visit.page("sentences.html", sentences=found, taken=taken, names=names)
