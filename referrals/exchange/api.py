"""The HSDS API, read-only: what the directory lists, in pages, for whoever wants to use it.

It shows what people are shown: no inactive service, no hidden address, nothing of what came of a service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from referrals.directory import Directory
from referrals.entries import Snapshot
from referrals.exchange import hsds
from referrals.records import ServiceRecord

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
) -> list[Route]:
    """`/`, `/services` and `/services/{id}` below `prefix`, of a directory; `titles` name the needs."""
    names = titles or {}

    async def about(_request: Request) -> Response:
        return JSONResponse(hsds.about(profile_url, _OPENAPI))

    async def services(request: Request) -> Response:
        await directory.stay_fresh()
        try:
            return JSONResponse(_listing(directory.snapshot, request.query_params, names))
        except _BadQueryError as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    async def service(request: Request) -> Response:
        await directory.stay_fresh()
        wanted = request.path_params["id"]
        for record in _active(directory.snapshot):
            if wanted in (record.id, hsds.identifier("service", record.id)):
                return JSONResponse(hsds.full(record, names))
        return JSONResponse({"error": "no service has this id"}, status_code=404)

    return [
        Route(f"{prefix}/", about),
        Route(f"{prefix}/services", services),
        Route(f"{prefix}/services/{{id}}", service),
    ]


def _active(snapshot: Snapshot) -> Iterable[ServiceRecord]:
    return (entry.record for entry in snapshot.by_id.values())


def _listing(snapshot: Snapshot, query: Mapping[str, str], titles: Mapping[str, str]) -> dict[str, Any]:
    number = _number(query, "page", 1, None)
    size = _number(query, "per_page", _PER_PAGE, _PER_PAGE_AT_MOST)
    found = [record for record in _active(snapshot) if _wanted(record, query)]
    part = found[(number - 1) * size : number * size]
    full = query.get("full", "false").lower() == "true"
    contents = [hsds.full(record, titles) if full else hsds.listed(record) for record in part]
    return hsds.page(contents, len(found), number, size)


def _number(query: Mapping[str, str], name: str, default: int, most: int | None) -> int:
    text = query.get(name)
    if text is None:
        return default
    # Longer numbers are nobody's page, and int() has limits of its own.
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= 1):
        raise _BadQueryError(f"{name} must be a whole number from 1")
    return int(text) if most is None else min(int(text), most)


def _wanted(record: ServiceRecord, query: Mapping[str, str]) -> bool:
    words = query.get("search", "").lower().strip()
    term = query.get("taxonomy_term_id")
    organization = query.get("organization_id")
    return (
        (not words or words in f"{record.name} {record.organization.name}".lower())
        and (not term or any(term in (need, hsds.identifier("taxonomy_term", need)) for need in record.needs))
        and (not organization or organization == hsds.identifier("organization", record.organization.id))
    )
