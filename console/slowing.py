"""Whoever goes faster than a person can is asked to wait, in a page that keeps what was typed.

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


def kept_of(form: FormData) -> tuple[list[tuple[str, str]], bool]:
    """The fields that may stand in a page again, and whether these are all of them."""
    fields = form.multi_items()
    kept = [(name, value) for name, value in fields if isinstance(value, str) and name not in SECRETS]
    return kept, len(kept) == len(fields)
