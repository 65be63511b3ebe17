"""Import with a dry run and export: every mistake with row and column, then what would change, then the change.

An import reaches the visitor's places alone. Each service written has its own history and can be undone.
"""

from __future__ import annotations

import asyncio

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import audit, problems, records
from console.labels import FIELDS, shown
from console.pages.working import MadeFile, awaited, begin, file_made, own_job, running_page
from console.policy import READERS, WRITERS, Page
from console.visit import Visit
from referrals.exchange import exporting, importing
from referrals.exchange.importing import ImportProblem, Plan, ReadFile

_FORMS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "hsds": "application/json", "hsds-tables": "application/zip"}  # fmt: skip
_SHOWN = 200


def routes() -> list[BaseRoute]:
    """The routes of import and export."""
    return [
        Page("/imports", start, WRITERS),
        Page("/imports", upload, WRITERS, ["POST"]),
        Page("/imports/{job_id}", look, WRITERS),
        Page("/imports/{job_id}", apply, WRITERS, ["POST"]),
        Page("/exports/{form_id}", export, READERS),
    ]


async def start(visit: Visit) -> Response:
    """The form, and the files to take away."""
    return visit.page("imports.html", errors={}, forms=list(_FORMS))


async def upload(visit: Visit) -> Response:
    """Begin the dry run."""
    file = visit.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return visit.page("imports.html", 422, errors={"file": visit.w("Choose a file.")}, forms=list(_FORMS))
    content = await file.read()
    job = await awaited(begin(visit, file.filename[:100], _dry_run(visit, file.filename, content)))
    return visit.to(f"/imports/{job.id}")


async def _dry_run(visit: Visit, name: str, content: bytes) -> Plan:
    read = await asyncio.to_thread(importing.read_file, name, content)
    desk, found = visit.desk, read.problems
    codes = importing.check_codes(read, desk.library.taxonomy.needs, desk.every_place) if not found else ()
    foreign = [] if found else await _foreign(visit, read)
    return await importing.plan(desk.sessions, read.records, sorted({*found, *codes, *foreign}), read.split)


async def _foreign(visit: Visit, read: ReadFile) -> list[ImportProblem]:
    """Services of places that are not the visitor's, by what the file says and by what is listed."""
    async with visit.desk.sessions.reading() as reading:
        there = await records.places_of(reading, [one.id for one in read.records])
    return [
        ImportProblem(row, "place", problems.NOT_YOURS, problems.OWN_PLACES)
        for row, one in zip(read.rows, read.records, strict=True)
        if one.place in visit.desk.every_place
        and (one.place not in visit.places or there.get(one.id, one.place) not in visit.places)
    ]


async def look(visit: Visit) -> Response:
    """How far it is; then every mistake, or the difference."""
    job = own_job(visit)
    if not job.done:
        return running_page(visit, job)
    if job.failed:
        return visit.page("import_done.html", 200, job=job, written=None)
    if isinstance(job.result, int):
        return visit.page("import_done.html", job=job, written=job.result)
    plan: Plan = job.result
    # Of what is listed already only that which the page names.
    named = {*(one.id for one, _ in plan.changed[:_SHOWN]), *(twin.listed for twin in plan.twins)}
    async with visit.desk.sessions.reading() as reading:
        present = {one.id: one for one in await records.some(reading, named, visit.places)}
    told = [problems.in_words(one, visit.w) for one in plan.problems[:_SHOWN]]
    return visit.page(
        "import_plan.html", job=job, plan=plan, told=told, shown=shown, fields=FIELDS, present=present,
        limit=_SHOWN, names={**{k: r.name for k, r in present.items()}, **{r.id: r.name for r in plan.new}},
    )  # fmt: skip


async def apply(visit: Visit) -> Response:
    """Write what the dry run said, all of it or nothing."""
    job = own_job(visit)
    if not isinstance(job.result, Plan) or job.result.problems:
        raise HTTPException(404)
    plan: Plan = job.result
    begun = begin(visit, job.name, _write(visit, job.name, plan))
    visit.desk.jobs.drop(job.id)
    await awaited(begun)
    return visit.to(f"/imports/{begun.id}")


async def _write(visit: Visit, name: str, plan: Plan) -> int:
    author = records.Author(visit.account.email, visit.desk.moment())
    count = 0
    async with visit.desk.sessions.writing() as writing:
        for one in (*plan.new, *(record for record, _ in plan.changed)):
            before = await records.one(writing, one.id, visit.places)
            if await records.save(writing, author, before, one, "import") is not None:
                count += 1
        detail = {"file": name, "written": count}
        await audit.note(writing, visit.desk.now(), author.who, "directory.import", detail=detail)
    return count


async def export(visit: Visit) -> Response:
    """The services of the visitor's places as a file; secret addresses stay here."""
    form = visit.request.path_params["form_id"]
    if form not in _FORMS:
        raise HTTPException(404)
    name = f"orienta-{visit.desk.moment():%Y-%m-%d}{exporting.SUFFIXES[form]}"
    return await file_made(visit, name, _exported(visit, form, name))


async def _exported(visit: Visit, form: str, name: str) -> MadeFile:
    async with visit.desk.sessions.reading() as reading:
        found = await records.listed(reading, visit.places)
    titles = {need.code: need.title("es") for need in visit.desk.library.taxonomy.needs.values()}
    content = await asyncio.to_thread(exporting.export, found, form, titles)
    async with visit.desk.sessions.writing() as writing:
        await audit.note(writing, visit.desk.now(), visit.account.email, "directory.export", form)
    return MadeFile(name, content, _FORMS[form])
