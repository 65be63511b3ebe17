"""Seeds: all of them hold, load once, and never run over what a caseworker changed."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from referrals.database import Sessions
from referrals.loading import load_seeds, read_seeds
from referrals.records import LANGUAGES
from referrals.storage import assemble, fetch_rows
from referrals.tables import Phone, Service, Version

PLACES = {"quito", "pichincha", "sao-paulo", "san-luis", "ecuador", "brazil", "argentina"}


def _needs() -> set[str]:
    import yaml

    path = Path(__file__).parents[2] / "content" / "data" / "taxonomy.yml"
    written = yaml.safe_load(path.read_text("utf-8"))
    return {f"{sector}.{need}" for sector, needs in written["needs"].items() for need in needs}


def test_seeds_hold():
    """Every seed file reads without a problem, with needs and places we know."""
    records, problems = read_seeds(needs=_needs(), places=PLACES)
    assert problems == ()
    assert Counter(record.place for record in records) == {
        "quito": 86, "pichincha": 4, "sao-paulo": 64, "brazil": 4, "san-luis": 18, "argentina": 13,
    }  # fmt: skip


# Words that are common in one language and no words of the others.
FOREIGN = {
    "es": {"the", "and", "of", "você", "não", "vous", "est"}, "pt": {"the", "and", "of", "usted", "el", "vous", "est"},
    "fr": {"the", "and", "of", "usted", "você", "não", "nan"}, "ht": {"the", "and", "of", "usted", "você", "vous", "est", "les"},
}  # fmt: skip
# The spelling of 1979 has no q and no x, c in ch alone, u in ou, ui and un alone, and no accents but è, ò and àn.
NOT_CREOLE = re.compile(r"[qxáâãéêëíîïóôõúûüñç]|c(?!h)|(?<!o)u(?!i)|à(?!n)")
# Words of the place's own language, as they stand on the paper or the door; names begin with a capital letter.
OF_THE_PLACE = {
    "cédula", "cedulación", "flagrancia", "unidad", "gobernaciones", "junta", "juntas", "protección", "ocorrência",
}  # fmt: skip


def test_every_text_stands_in_all_five_languages():
    """Whoever asks reads what they can read, and no word of one language slipped into another."""
    for record in read_seeds()[0]:
        for texts in _texts(record):
            assert tuple(texts) == LANGUAGES, (record.id, texts)
            for language, foreign in FOREIGN.items():
                assert not foreign & set(re.findall(r"\w+", texts[language].lower())), texts


def test_creole_is_written_as_it_is_taught():
    """Every small word of a Creole text follows the official spelling, or is the name of something at the place."""
    for record in read_seeds()[0]:
        for texts in _texts(record):
            words = re.findall(r"[^\W\d_]+", re.sub(r"\S+[@.]\w\S*", " ", texts["ht"]))
            strange = {word for word in words if word[0].islower() and NOT_CREOLE.search(word)}
            assert strange <= OF_THE_PLACE, (record.id, texts["ht"])


def test_numbers_are_the_same_in_every_language():
    """A telephone, a time, an age or a year says the same to every reader, whatever the language."""
    for record in read_seeds()[0]:
        for texts in _texts(record):
            told = {code: set(re.findall(r"\d+", texts[code])) for code in ("es", "fr", "ht")}
            assert told["fr"] == told["ht"] == told["es"], (record.id, texts)


def _texts(record):
    yield from filter(None, (record.hours, record.note))
    if record.cost and record.cost.text:
        yield record.cost.text
    if record.eligibility and record.eligibility.text:
        yield record.eligibility.text
    for paper in record.documents:
        yield paper.name
        if paper.without:
            yield paper.without


async def test_loading_twice_changes_nothing(sessions: Sessions):
    """The second load finds everything in place, and the version does not move."""
    records, _ = read_seeds()
    first = await load_seeds(sessions, records)
    async with sessions.reading() as session:
        version = await session.scalar(select(Version.number))
    second = await load_seeds(sessions, records)
    async with sessions.reading() as session:
        assert await session.scalar(select(Version.number)) == version
        assert await session.scalar(select(func.count()).select_from(Service)) == len(records)
    assert (first.new, second.new, second.renewed, second.kept) == (len(records), 0, 0, len(records))


async def test_what_is_loaded_is_what_was_written(sessions: Sessions):
    """Reading the tables gives back the seed records, whole."""
    records, _ = read_seeds()
    await load_seeds(sessions, records)
    async with sessions.reading() as session:
        read = assemble(await fetch_rows(session))
    expected = {
        r.id: r.model_copy(update={"needs": tuple(sorted(r.needs)), "languages": tuple(sorted(r.languages))})
        for r in records
    }
    assert {r.id: r for r in read} == expected


async def test_an_edited_service_is_never_overwritten(sessions: Sessions):
    """A phone changed in the console stays, although the next release brings another seed."""
    records, _ = read_seeds()
    await load_seeds(sessions, records)
    async with sessions.writing() as session:
        phone = await session.scalar(select(Phone).where(Phone.service_id == "sp-crai").limit(1))
        phone.number = "+55 11 5555-0000"
    changed = [
        r.model_copy(update={"name": r.name + " (2)"}) for r in records if r.id in ("sp-crai", "sp-dpu")
    ]
    loaded = await load_seeds(sessions, changed)
    async with sessions.reading() as session:
        crai = await session.get(Service, "sp-crai")
        dpu = await session.get(Service, "sp-dpu")
    assert (loaded.renewed, loaded.kept) == (1, 1)
    assert crai.edited
    assert not crai.name.endswith("(2)")
    assert not dpu.edited
    assert dpu.name.endswith("(2)")


async def test_what_people_see_raises_the_version_and_reports_do_not(sessions: Sessions):
    """Readers look again after a change of a service, not after a report about one."""
    from datetime import date

    from referrals.tables import Closure, Report

    await load_seeds(sessions, read_seeds()[0][:3])

    async def version() -> int:
        async with sessions.reading() as session:
            return await session.scalar(select(Version.number))

    before = await version()
    async with sessions.writing() as session:
        session.add(Report(service_id="ar-conare", day=date(2026, 11, 1), kind="helped"))
    assert await version() == before
    async with sessions.writing() as session:
        session.add(Closure(service_id="ar-conare", starts=date(2026, 11, 1), ends=None, reason=None))
    assert await version() == before + 1


def test_every_problem_is_reported_at_once(tmp_path: Path):
    """Ten kinds of mistake give ten problems, each with file, entry and remedy."""
    (tmp_path / "quito.yml").write_text(
        """
- {id: a, name: A, organization: {name: O, kind: shop}, place: quito, needs: [shelter.temporary], source: {title: t}, confidence: high}
- {id: b, name: B, organization: {name: O, kind: ngo}, place: lima, needs: [shelter.temporary], source: {title: t}, confidence: high}
- {id: c, name: C, organization: {name: O, kind: ngo}, place: quito, needs: [], source: {title: t}, confidence: high}
- {id: d, name: D, organization: {name: O, kind: ngo}, place: quito, needs: [no.such], opening_hours: 'whenever', source: {title: t}, confidence: high}
- {id: e, name: E, organization: {name: O, kind: ngo}, place: quito, needs: [a.b], phones: ['x'], source: {title: t}, confidence: sure}
- {id: f, name: F, organization: {name: O, kind: ngo}, place: quito, needs: [a.b], latitude: 1.0, source: {title: t}, confidence: low}
- {id: g, name: G, organization: {name: O, kind: ngo}, place: quito, needs: [a.b], colour: red, confidence: low}
- {id: g, name: G, organization: {name: O, kind: ngo}, place: quito, needs: [shelter.temporary], source: {title: t}, confidence: low, assured_date: last year}
""",
        "utf-8",
    )
    _, problems = read_seeds(tmp_path, needs={"shelter.temporary"}, places={"quito"})
    text = "\n".join(map(str, problems))
    for part in (
        "organization.kind",
        "lima",
        "needs",
        "opening_hours",
        "phones",
        "confidence",
        "latitude",
        "colour",
        "source",
        "assured_date",
    ):
        assert part in text
    assert all(problem.file == "quito.yml" or "lima" in str(problem) for problem in problems)
    assert all(problem.remedy for problem in problems)


@pytest.mark.parametrize("text", ["- [", "a: b"])
def test_a_broken_file_is_a_problem_not_a_crash(tmp_path: Path, text: str):
    """A file that is not a list of services is named."""
    (tmp_path / "quito.yml").write_text(text, "utf-8")
    records, problems = read_seeds(tmp_path)
    assert records == ()
    assert [problem.file for problem in problems] == ["quito.yml"]
