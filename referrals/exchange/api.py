"""The HSDS API, read-only: what the directory lists, in pages, for whoever wants to use it.

It shows what people are shown: no inactive service, no hidden address, nothing of what came of a service.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from referrals.directory import Directory
from referrals.entries import Snapshot
from referrals.exchange import hsds
from referrals.records import ServiceRecord, partial_day

# When each service was changed by somebody, as far as the history knows.
Changed = Callable[[], Awaitable[Mapping[str, datetime]]]
Endpoint = Callable[[Request], Awaitable[Response]]
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# A copy may be kept, and is asked about each time: a door that was hidden since must not live on in a cache.
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
}
_NOT_KNOWN = datetime(9999, 12, 31, tzinfo=UTC)
_PER_PAGE = 50
_PER_PAGE_AT_MOST = 200
_OPENAPI = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/openapi.json"
_PROFILE = "https://docs.openreferral.org/en/3.0/hsds/profiles.html"


class _BadQueryError(ValueError):
    """A query that cannot be answered, with the sentence that says why."""


def hsds_routes(
    directory: Directory,
    titles: Mapping[str, str] | None = None,
    prefix: str = "/hsds",
    profile_url: str = _PROFILE,
    changed: Changed | None = None,
) -> list[Route]:
    """`/`, `/services` and `/services/{id}` below `prefix`, of a directory; `titles` name the needs.

    Every other path there has an answer in JSON too, and nothing below `prefix` is left to another application.
    """
    names = titles or {}

    api = _Api(directory, names, changed)

    async def about(_request: Request) -> Response:
        return JSONResponse(hsds.about(profile_url, _OPENAPI))

    async def to_root(_request: Request) -> Response:
        return RedirectResponse(f"{prefix}/", 308)

    return [
        Route(prefix, to_root),
        Route(f"{prefix}/", _open(about)),
        Route(f"{prefix}/services", _open(api.services)),
        Route(f"{prefix}/services/{{id}}", _open(api.service)),
        Route(f"{prefix}/{{path:path}}", _open(_nothing_here), methods=_METHODS),
    ]


def _open(endpoint: Endpoint) -> Endpoint:
    """The same answers for a page of any other site: the directory is public, and nothing here depends on who asks."""

    async def answered(request: Request) -> Response:
        response = await endpoint(request)
        response.headers.update(_HEADERS)
        return response

    return answered


async def _nothing_here(request: Request) -> Response:
    if request.method not in ("GET", "HEAD"):
        return JSONResponse({"error": "the directory is read only"}, 405, {"Allow": "GET, HEAD"})
    return JSONResponse({"error": "nothing is here; the path services lists the services"}, 404)


class _Api:
    """The answers of one directory."""

    def __init__(self, directory: Directory, titles: Mapping[str, str], changed: Changed | None) -> None:
        self._directory = directory
        self._titles = titles
        self._changed = changed

    async def services(self, request: Request) -> Response:
        """A page of services, or all of them as lines."""
        await self._directory.stay_fresh()
        query = request.query_params
        try:
            history = await self._history(query)
            found = _listing(self._directory.snapshot, query, self._titles, history)
        except _BadQueryError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        except (SQLAlchemyError, OSError):
            # Without the history nobody can be told what is newer, and a guess would leave copies old.
            return JSONResponse(
                {"error": "what changed cannot be read now; ask again later"}, status_code=503
            )
        if query.get("format", "").lower() == "ndjson":
            lines = "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in found["contents"])
            return Response(lines, media_type="application/x-ndjson")
        return JSONResponse(found)

    async def service(self, request: Request) -> Response:
        """One service, by its UUID or by our code."""
        await self._directory.stay_fresh()
        wanted = request.path_params["id"]
        for record in _active(self._directory.snapshot):
            if wanted in (record.id, hsds.identifier("service", record.id)):
                return JSONResponse(hsds.full(record, self._titles))
        return JSONResponse({"error": "no service has this id"}, status_code=404)

    async def _history(self, query: Mapping[str, str]) -> Mapping[str, datetime]:
        asks = "modified_after" in query or "minimal" in query
        return await self._changed() if self._changed and asks else {}


def _active(snapshot: Snapshot) -> Iterable[ServiceRecord]:
    return (entry.record for entry in snapshot.by_id.values())


def _listing(
    snapshot: Snapshot, query: Mapping[str, str], titles: Mapping[str, str], history: Mapping[str, datetime]
) -> dict[str, Any]:
    form = query.get("format", "json").lower()
    if form not in ("json", "ndjson"):
        raise _BadQueryError("format must be json or ndjson")
    number = _number(query, "page", 1, None)
    minimal = _is_true(query, "minimal")
    since = _moment(query.get("modified_after"))
    found = [
        record
        for record in _active(snapshot)
        if _wanted(record, query, titles) and (since is None or _modified(record, history) >= since)
    ]
    # With ids alone one page holds all, and so do lines, as the reference asks.
    size = (
        max(1, len(found))
        if minimal or form == "ndjson"
        else _number(query, "per_page", _PER_PAGE, _PER_PAGE_AT_MOST)
    )
    part = found[(number - 1) * size : number * size]
    if minimal:
        contents = [_minimal(record, history) for record in part]
    else:
        full = _is_true(query, "full")
        contents = [hsds.full(record, titles) if full else hsds.listed(record) for record in part]
    return hsds.page(contents, len(found), number, size)


def _is_true(query: Mapping[str, str], name: str) -> bool:
    text = query.get(name, "false").lower()
    if text not in ("true", "false", ""):
        raise _BadQueryError(f"{name} must be true or false")
    return text == "true"


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        # A plus in an address arrives as a space.
        moment = datetime.fromisoformat(text.replace(" ", "+") if text.count(":") > 2 else text)
    except ValueError:
        raise _BadQueryError("modified_after must be a date or a moment, as 2026-11-28") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _modified(record: ServiceRecord, history: Mapping[str, datetime]) -> datetime:
    """The last change or check that is known. Of what nothing is known nobody is told that it is unchanged."""
    moments = [history[record.id]] if record.id in history else []
    if record.assured_date:
        moments.append(datetime.combine(partial_day(record.assured_date)[0], time.min, UTC))
    return max(moments, default=_NOT_KNOWN)


def _minimal(record: ServiceRecord, history: Mapping[str, datetime]) -> dict[str, Any]:
    made: dict[str, Any] = {"id": hsds.identifier("service", record.id)}
    modified = _modified(record, history)
    return made if modified == _NOT_KNOWN else {**made, "modified_date": modified.isoformat()}


def _number(query: Mapping[str, str], name: str, default: int, most: int | None) -> int:
    text = query.get(name)
    if text is None:
        return default
    # Longer numbers are nobody's page, and int() has limits of its own.
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= 1):
        raise _BadQueryError(f"{name} must be a whole number from 1")
    return int(text) if most is None else min(int(text), most)


def _wanted(record: ServiceRecord, query: Mapping[str, str], titles: Mapping[str, str]) -> bool:
    words = query.get("search", "").lower().strip()
    term = query.get("taxonomy_term_id")
    organization, taxonomy = query.get("organization_id"), query.get("taxonomy_id")
    return (
        (not words or words in _searched(record, titles))
        and (not term or any(term in (need, hsds.identifier("taxonomy_term", need)) for need in record.needs))
        and (not taxonomy or taxonomy == hsds.taxonomy()["id"])
        and (not organization or organization == hsds.identifier("organization", record.organization.id))
    )


def _searched(record: ServiceRecord, titles: Mapping[str, str]) -> str:
    """What a search looks in: names, what the service does, and where it is unless that is hidden."""
    where = () if record.hidden_address else (record.district, record.address)
    needs = (titles.get(need, need) for need in record.needs)
    return " ".join(filter(None, (record.name, record.organization.name, *needs, *where))).lower()
