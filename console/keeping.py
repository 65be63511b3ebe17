"""Forms that come too fast, too late or with an old token are answered with a page that keeps what was typed.

Passwords, codes and files are never put into that page.
"""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.responses import Response

from console.pace import Pace
from console.visit import Visit

SECRETS = frozenset({"old", "present", "password", "again", "code"})
# Making a file of a whole directory is work for many clicks.
_COSTS = {"/exports/{form_id}": 10, "/reports/download/{form_id}": 10}


class Slowing:
    """The stores of sessions and of accounts."""

    def __init__(self, session: Pace, account: Pace) -> None:
        self._session, self._account = session, account

    def wait(self, visit: Visit) -> int:
        """Seconds that the visitor has to wait; 0 takes the request out of both stores."""
        if visit.session is None:
            return 0
        now, account = visit.desk.moment().timestamp(), str(visit.session.account_id)
        seconds = max(self._session.wait(visit.session.digest, now), self._account.wait(account, now))
        if not seconds:
            cost = _COSTS.get(visit.route, 1)
            self._session.take(visit.session.digest, now, cost)
            self._account.take(account, now, cost)
        return seconds


async def slow_page(visit: Visit, seconds: int) -> Response:
    """429 with what was typed, to be sent again."""
    await visit.desk.refusals.note(visit, "too_fast")
    sent = visit.request.method not in ("GET", "HEAD")
    kept, whole = kept_of(visit.form)
    response = visit.page(
        "slow.html", 429, seconds=seconds, kept=kept if sent else None, whole=whole, again=visit.request.url.path
    )  # fmt: skip
    response.headers["Retry-After"] = str(seconds)
    return response


def over_page(visit: Visit) -> Response:
    """401 for a form whose session has ended meanwhile: sign in beside it, then send it again."""
    return _kept_page(visit, 401, visit.w("Your session has ended"), visit.w(
        "You were away for long, so you were signed out. Sign in again, then send this form."
    ))  # fmt: skip


def stale_page(visit: Visit) -> Response:
    """403 for a form of an earlier session, or of nobody: it may be sent again from here, by a click."""
    return _kept_page(visit, 403, visit.w("Please send this again"), visit.w(
        "This form is of an earlier session. Your account may do this only with a fresh one."
    ))  # fmt: skip


def _kept_page(visit: Visit, status: int, title: str, sentence: str) -> Response:
    kept, whole = kept_of(visit.form)
    return visit.page(
        "kept.html", status, title=title, sentence=sentence, kept=kept, whole=whole, over=status == 401,
        again=visit.request.url.path,
    )  # fmt: skip


def kept_of(form: FormData) -> tuple[list[tuple[str, str]], bool]:
    """The fields that may stand in a page again, and whether these are all of them."""
    fields = form.multi_items()
    kept = [(name, value) for name, value in fields if isinstance(value, str) and name not in SECRETS]
    return kept, len(kept) == len(fields)
