"""Who may do what where: every route declares its policy beside it, and what declares none cannot be built.

A policy says which roles, how far the session must be, and what of a place the route touches. The guard enforces
it before the page runs; places are filtered in the query.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

if TYPE_CHECKING:
    from console.accounts import Account
    from console.visit import Visit

Handler = Callable[["Visit"], Awaitable[Response]]


class Stage(StrEnum):
    """How far somebody is in signing in."""

    ANYBODY = "anybody"
    HALF = "half"
    FULL = "full"


class Reach(StrEnum):
    """What of a place a route touches."""

    NOTHING = "nothing"
    OWN = "own"
    SERVICE = "service"
    CHANGE = "change"
    PLACE = "place"
    EVERYWHERE = "everywhere"


@dataclass(frozen=True)
class Policy:
    """Who may come: roles (empty: no role is needed), the stage of signing in, the reach, and whether who goes too
    fast has to wait.
    """

    roles: frozenset[str] = frozenset()
    stage: Stage = Stage.FULL
    reach: Reach = Reach.NOTHING
    paced: bool = True

    def allows(self, role: str) -> bool:
        """Whether a role may come, the place aside."""
        return role in self.roles


ANYBODY = Policy(stage=Stage.ANYBODY)
HALF_SIGNED_IN = Policy(frozenset({"caseworker", "coordinator", "admin"}), Stage.HALF)
# Leaving is always possible.
LEAVING = Policy(frozenset({"caseworker", "coordinator", "admin"}), Stage.HALF, paced=False)
EVERYBODY = Policy(frozenset({"caseworker", "coordinator", "admin"}))
READERS = Policy(frozenset({"caseworker", "coordinator", "admin"}), reach=Reach.OWN)
SERVICE_READERS = Policy(frozenset({"caseworker", "coordinator", "admin"}), reach=Reach.SERVICE)
WRITERS = Policy(frozenset({"caseworker", "admin"}), reach=Reach.OWN)
SERVICE_WRITERS = Policy(frozenset({"caseworker", "admin"}), reach=Reach.SERVICE)
CHANGE_WRITERS = Policy(frozenset({"caseworker", "admin"}), reach=Reach.CHANGE)
COORDINATORS = Policy(frozenset({"coordinator", "admin"}), reach=Reach.OWN)
PLACE_COORDINATORS = Policy(frozenset({"coordinator", "admin"}), reach=Reach.PLACE)
OVERSEERS = Policy(frozenset({"coordinator", "admin"}))
EVERYWHERE_OVERSEERS = Policy(frozenset({"coordinator", "admin"}), reach=Reach.EVERYWHERE)
ADMINS = Policy(frozenset({"admin"}))


def places_of(account: Account, every: Collection[str]) -> frozenset[str]:
    """The places an account reaches: administrators all, others those they were given."""
    return frozenset(every) if account.role == "admin" else account.places & frozenset(every)


class Page(Route):
    """A route with its policy; the handler runs only after the guard has let it."""

    def __init__(
        self, path: str, handler: Handler, policy: Policy, methods: Collection[str] = ("GET",)
    ) -> None:
        self.policy = policy
        self.handler = handler

        async def guarded(request: Request) -> Response:
            from console.guard import guard

            return await guard(request, policy, handler, path)

        super().__init__(path, guarded, methods=list(methods), name=handler.__name__)


class NoPolicyError(Exception):
    """A route without a policy; the application is not built."""


def all_with_policy(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """The routes again; NoPolicyError for one that declares no policy. Static files need none."""
    checked = list(routes)
    for route in checked:
        if not isinstance(route, Page) and not (isinstance(route, Mount) and route.path == "/static"):
            raise NoPolicyError(f"{route!r} declares no policy: make it a Page")
    return checked
