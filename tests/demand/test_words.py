"""Words of people: what is kept of what was not understood, and what is cut out of a sentence before it may be sent."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from content.wording import wording
from demand.commands import DemandError, sentences
from demand.database import reading, writing
from demand.keeping import Keeper
from demand.ledger import Ledger
from demand.phrases import Phrase, read_phrases, write_phrases
from demand.redaction import CUT, MOST_CHARACTERS, redacted
from demand.released import Figure, Grid, Release
from demand.reports.formats import as_csv, as_text
from demand.reports.labels import Labels
from demand.reports.overview import overview
from demand.tables import sent_sentence
from demand.weeks import week_of
from demand.wordings import MESSAGES_PER_ASKER, Wordings, vocabulary

MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
WEEK = week_of(MONDAY, "America/Guayaquil")
KNOWN = vocabulary(
    [
        "quiero revisar mi carpeta azul",
        "ayuda con la carpeta",
        "necesito un trámite para mis hijos",
        "mwen bezwen",
    ]
)
PLACES = ("Quito", "São Paulo", "San Luis")


def _week(library, engine, wordings):
    ledger = Ledger(library.places, library.taxonomy, MONDAY)
    keeper = Keeper(ledger, engine, library.places, library.taxonomy, MONDAY, (wordings,))
    keeper.write(MONDAY + timedelta(days=1))
    with reading(engine) as connection:
        assert read_phrases(connection) == ()
    keeper.write(MONDAY + timedelta(days=8))
    keeper.write(MONDAY + timedelta(days=9))
    with reading(engine) as connection:
        return read_phrases(connection)


def test_only_what_ten_people_said_is_released(library, engine):
    """Names, numbers and rare words vanish; accents are forgiven; people are rounded down to tens."""
    wordings = Wordings(KNOWN, library.places)
    for number in range(12):
        text = f"Soy Zqx{number} Quispe, revisar carpeta {number}5551234 x{number}@y.org tramite"
        wordings.hear(text, str(number).encode(), MONDAY)
    wordings.hear("azul", b"1", MONDAY)
    found = _week(library, engine, wordings)
    assert [(one.words, one.askers) for one in found] == [
        ("carpeta", 10), ("revisar", 10), ("revisar carpeta", 10), ("trámite", 10),
    ]  # fmt: skip
    assert {one.start for one in found} == {WEEK}


def test_one_person_cannot_make_a_phrase(library, lite):
    """However often nine people write, and one of them under no other name, nothing is released."""
    wordings = Wordings(KNOWN, library.places)
    for turn in range(50):
        for number in range(9):
            wordings.hear("carpeta azul", str(number).encode(), MONDAY + timedelta(minutes=turn))
    assert _week(library, lite, wordings) == ()


def test_an_asker_is_heard_three_times_a_week(library, lite):
    """Later messages of the same people are not listened to."""
    wordings = Wordings(KNOWN, library.places)
    for number in range(20):
        for _ in range(MESSAGES_PER_ASKER):
            wordings.hear("azul", str(number).encode(), MONDAY)
        wordings.hear("carpeta", str(number).encode(), MONDAY)
    assert [one.words for one in _week(library, lite, wordings)] == ["azul"]


def test_marks_and_key_die_with_the_week(library, lite):
    """After the write of an ended week neither words nor marks are in memory."""
    wordings = Wordings(KNOWN, library.places)
    for number in range(12):
        wordings.hear("carpeta azul", str(number).encode(), MONDAY)
    _week(library, lite, wordings)
    assert wordings._open == {}
    assert not any(wordings._ended.values())


def test_the_report_shows_the_words_of_the_latest_week(library, lite):
    """Report and table show them with their week; beside simulated figures there are none."""
    with writing(lite) as connection:
        write_phrases(connection, WEEK, [Phrase(WEEK, "carpeta azul", 10)])
        write_phrases(connection, WEEK, [Phrase(WEEK, "otra", 20)])
        phrases = read_phrases(connection)
    real = Release(Grid.SECTOR, "quito", WEEK, 1, 168, (Figure(("work",), 50),))
    for language in ("es", "pt", "en"):
        text = as_text(overview([real], library, language, None, phrases)).decode()
        assert "carpeta azul" in text
        assert "otra" not in text
    labels = Labels(library, wording("es"))
    assert "carpeta azul" in as_csv([real], labels, phrases).decode()
    made_up = Release(Grid.SECTOR, "quito", WEEK, 1, 168, (Figure(("work",), 50),), simulated=True)
    assert "carpeta" not in as_text(overview([made_up], library, "es", None, phrases)).decode()
    assert "carpeta" not in as_csv([made_up], labels, phrases).decode()


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("Me llamo rosa quispe y quiero revisar mi carpeta", f"Me llamo {CUT} quiero revisar mi carpeta"),
        ("quiero revisar carpeta 1712345678 de Juan Pérez", f"quiero revisar carpeta {CUT} de {CUT}"),
        ("mi carpeta, escriba a ana@example.org o @ana_q", f"mi carpeta, escriba a {CUT} o {CUT}"),
        ("mi carpeta en www.example.org/x?y=1 azul", f"mi carpeta en {CUT} azul"),
        ("vivo en san luis y necesito un trámite", f"vivo en {CUT} y necesito un trámite"),
        ("llámeme al +593 99 123 4417 por la carpeta", f"llámeme al {CUT} por la carpeta"),
        ("llámeme al ٠٩٩١٢٣ o ０９９ por la carpeta", f"llámeme al {CUT} o {CUT} por la carpeta"),
        ("my name is peter smith, mi carpeta azul", f"my name is {CUT} mi carpeta azul"),
        ("Mwen rele jan batis, mi carpeta azul", f"Mwen rele {CUT} mi carpeta azul"),
    ],
)  # fmt: skip
def test_what_leads_to_a_person_is_cut_out(said: str, sent: str):
    """Numbers, addresses, links, handles, places, and names after "my name is" in each language."""
    assert redacted(said, KNOWN, PLACES) == sent


@given(st.text(max_size=600))
def test_no_number_no_address_and_no_hidden_sign_survives(text: str):
    """Whatever is written, the redacted sentence is one short line without digits, handles and links."""
    line = redacted(text, KNOWN, PLACES)
    assert len(line) <= MOST_CHARACTERS
    assert not any(one.isnumeric() or one in "@/\\" for one in line)
    assert line.isprintable()


def test_the_command_lists_and_decides(library, url, engine):
    """What waits is listed; accepting shows it once more and deletes it; a number that is not there is named."""
    with writing(engine) as connection:
        rows = [
            {"number": 111111, "text": "quiero devolver la caja", "language": "es", "day": MONDAY.date()},
            {"number": 222222, "text": "kote bwat la ye", "language": "ht", "day": MONDAY.date()},
        ]
        connection.execute(insert(sent_sentence), rows)

    def run(**decision: int) -> str:
        out = io.StringIO()
        assert sentences(url, library, MONDAY + timedelta(days=1), out, **decision) == 0
        return out.getvalue()

    assert "111111  es  2026-03-02  quiero devolver la caja" in run()
    assert "quiero devolver la caja" in run(accept=111111)
    assert "bwat" not in run(reject=222222)
    assert run() == "0 sentences wait. Decide with --accept NUMBER or --reject NUMBER.\n"
    with pytest.raises(DemandError, match="No sentence 111111 waits"):
        run(accept=111111)
    with pytest.raises(DemandError, match="one sentence at a time"):
        run(accept=1, reject=2)
