"""The console as one application, to be mounted at `/console`. A route without a policy keeps it from being built."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from console import rendering
from console.desk import ConsoleDependencies, Desk
from console.headers import StrictHeaders
from console.pages import (
    administration,
    comparison,
    coordination,
    covering,
    editing,
    imports,
    me,
    overseeing,
    reviewing,
    sentences,
    service,
    services,
    signing_in,
    tapping,
    working,
)
from console.policy import all_with_policy
from console.visit import Visit
from content.wording import N_

__all__ = ["ConsoleDependencies", "all_routes", "console_app"]
REFUSALS = {
    403: N_("Your account may not do this, or the form is too old. Go back, load the page again and retry."),
    404: N_("There is no such page, or it belongs to a place that is not yours."),
    405: N_("This address cannot be used in this way."),
    429: N_("Two pieces of your work are still running. Wait until one is ready, then try again."),
    413: N_("The file is too large. The limit is 30 MB."),
    500: N_("Something went wrong on our side. Nothing was saved. Please try again."),
}


def all_routes() -> list[BaseRoute]:
    """Every route of the console; NoPolicyError when one declares no policy."""
    pages = [
        *signing_in.routes(),
        *me.routes(),
        *services.routes(),
        *service.routes(),
        *tapping.routes(),
        *editing.routes(),
        *imports.routes(),
        *working.routes(),
        *reviewing.routes(),
        *comparison.routes(),
        *coordination.routes(),
        *covering.routes(),
        *sentences.routes(),
        *administration.routes(),
        *overseeing.routes(),
    ]
    static = Mount("/static", StaticFiles(directory=rendering.HERE / "static"), name="static")
    return all_with_policy([*pages, static])


def console_app(dependencies: ConsoleDependencies) -> Starlette:
    """The application. Its tables must have been brought up to date (`console.migrations.upgrade`)."""
    app = Starlette(
        routes=all_routes(),
        middleware=[
            Middleware(StrictHeaders, https=dependencies.https),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(dependencies.hosts)),
        ],
        exception_handlers={HTTPException: _refusal, 500: _refusal},
    )
    app.state.desk = Desk(dependencies)
    return app


async def _refusal(request: Request, error: Exception) -> Response:
    """A sentence in the reader's language, never a trace."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    visit: Visit = getattr(request.state, "visit", None) or Visit(request.app.state.desk, request, None, None)
    sentence = visit.w(REFUSALS.get(status, REFUSALS[405 if status < 500 else 500]))
    return HTMLResponse(rendering.render(visit, "refusal.html", {"sentence": sentence}), status)
