"""A place goes from one installation to another whole, keeps its sources and dates, and nothing else gets in with it."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli.main import app
from bot.parcels import Adopter, ParcelError
from bot.parcels.zipped import DIRECTORY, MANIFEST, unpacked, written
from content.collection import DATA
from referrals.loading import SEEDS, read_seeds
from referrals.records import ServiceRecord

# What belongs to no place: an installation without places begins with these.
FRAME = ("taxonomy.yml", "languages.yml", "review.yml", "safety.yml", "translations")
PLACES = ("quito", "pichincha", "sao-paulo", "san-luis")
Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command of the installation of a folder; without one, of this version as it is delivered."""

    def call(*command: str, home: Path, empty: bool = False, code: int = 0, lines: str = "") -> str:
        monkeypatch.setenv("ORIENTA_DATA_DIR", str(home / "var"))
        if empty:
            monkeypatch.setenv("ORIENTA_CONTENT_DIR", str(home / "content"))
        else:
            monkeypatch.delenv("ORIENTA_CONTENT_DIR", raising=False)
        result = CliRunner().invoke(app, list(command), input=lines)
        assert result.exit_code == code, result.output
        return result.output

    return call


def empty_installation(home: Path) -> Path:
    """An installation that knows no place yet."""
    (home / "content").mkdir(parents=True)
    for name in FRAME:
        if (DATA / name).is_dir():
            shutil.copytree(DATA / name, home / "content" / name)
        elif (DATA / name).is_file():
            shutil.copy(DATA / name, home / "content" / name)
    (home / "content" / "places.yml").write_text("[]\n", "utf-8")
    return home


@pytest.fixture(scope="module")
def parcels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The four places, exported by one installation."""
    home = tmp_path_factory.mktemp("first")
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORIENTA_DATA_DIR", str(home / "var"))
        patch.delenv("ORIENTA_CONTENT_DIR", raising=False)
        for place in PLACES:
            file = home / f"{place}.zip"
            result = CliRunner().invoke(app, ["content", "export-place", place, "--out", str(file)])
            assert result.exit_code == 0, result.output
            made[place] = file.read_bytes()
    return made


@pytest.mark.parametrize("place", PLACES)
def test_an_empty_installation_adopts_a_place_and_answers_for_it(
    place: str, parcels: dict[str, bytes], tmp_path: Path, run: Run
) -> None:
    """Looked at first and unchanged by looking; then both checks pass, and whoever asks is answered and referred."""
    home = empty_installation(tmp_path / "second")
    file = tmp_path / f"{place}.zip"
    file.write_bytes(parcels[place])
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert "0 in conflict, 0 problems" in run("content", "adopt", str(file), home=home, empty=True)
    after = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert {path: after[path] for path in before} == before
    assert "files written" in run("content", "adopt", str(file), "--write", home=home, empty=True)
    assert "The content is in order." in run("content", "check", home=home, empty=True)
    assert "0 problems" in run("directory", "check", home=home, empty=True)
    said = run(
        "chat", "--place", place, "--json", home=home, empty=True, lines="necesito un albergue para dormir\n"
    )
    replies = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert any(reply["need"] == "shelter.temporary" and reply["services"] for reply in replies), said
    again = run("content", "adopt", str(file), "--write", home=home, empty=True)
    assert f"{place}, exported" in again
    assert ": 0 new" in again


def test_sources_dates_and_services_arrive_as_they_were(parcels: dict[str, bytes], tmp_path: Path) -> None:
    """Every fact with its source and date, every service with its assurance; the note says from where they came."""
    home = empty_installation(tmp_path)
    adopter = Adopter(home / "content", home / "content" / "services")
    adopter.adopt(adopter.look(parcels["sao-paulo"]), date(2026, 11, 28))
    there = {fact["id"]: fact for fact in yaml.safe_load((DATA / "brazil/facts.yml").read_text("utf-8"))}
    here = yaml.safe_load((home / "content/brazil/facts.yml").read_text("utf-8"))
    assert here
    assert all(fact == there[fact["id"]] for fact in here)
    seeds = {record.id: record for record in read_seeds()[0] if record.place in ("sao-paulo", "brazil")}
    adopted, problems = read_seeds(home / "content/services")
    assert problems == ()
    assert {record.id for record in adopted} == set(seeds)
    for record in adopted:
        seed = seeds[record.id]
        assert (record.source, record.source_date, record.assured_date) == (
            seed.source, seed.source_date, seed.assured_date,
        )  # fmt: skip
        if not seed.hidden_address:
            assert _in_order(record) == _in_order(seed)
        else:
            assert (record.address, record.district, record.latitude) == (None, None, None)
    [note] = yaml.safe_load((home / "content/adopted.yml").read_text("utf-8"))
    assert (note["place"], note["adopted"], note["services"]) == ("sao-paulo", "2026-11-28", len(seeds))


def _in_order(record: ServiceRecord) -> dict[str, object]:
    """A record with what is a set in the order of the alphabet, as a directory gives it."""
    plain = record.model_dump()
    return {**plain, "needs": sorted(plain["needs"]), "languages": sorted(plain["languages"])}


def test_a_text_that_was_reviewed_there_is_not_reviewed_here(
    parcels: dict[str, bytes], tmp_path: Path
) -> None:
    """The names of the reviewers stand in the note, and the reader is told that nobody here has read it."""
    manifest, files = unpacked(parcels["san-luis"])
    name = "argentina/answers/asylum.apply.yml"
    answer = yaml.safe_load(files[name])
    files[name] = yaml.safe_dump({**answer, "reviewed_by": ["Luz"]}, allow_unicode=True).encode()
    home = empty_installation(tmp_path)
    adopter = Adopter(home / "content", home / "content" / "services")
    adopter.adopt(adopter.look(written(_head(manifest), files)), date(2026, 11, 28))
    assert yaml.safe_load((home / "content" / name).read_text("utf-8"))["reviewed_by"] == []
    [note] = yaml.safe_load((home / "content/adopted.yml").read_text("utf-8"))
    assert note["reviewed_there"] == {name: ["Luz"]}


def _head(manifest: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in manifest.items() if key != "files"}


def test_a_contradiction_stops_or_leaves_what_stands_here(
    parcels: dict[str, bytes], tmp_path: Path, run: Run
) -> None:
    """Named with file and entry; nothing is written; with --keep-ours the rest comes and ours stays."""
    home = empty_installation(tmp_path / "second")
    file = tmp_path / "quito.zip"
    file.write_bytes(parcels["quito"])
    run("content", "adopt", str(file), "--write", home=home, empty=True)
    names = home / "content/places.yml"
    ours = names.read_text("utf-8").replace("radius_km: 30", "radius_km: 31")
    names.write_text(ours, "utf-8")
    (home / "content/services/quito.yml").unlink()
    said = run("content", "adopt", str(file), "--write", home=home, empty=True, code=1)
    assert "conflict  places.yml: quito: radius_km differ" in said
    assert not (home / "content/services/quito.yml").exists()
    run("content", "adopt", str(file), "--write", "--keep-ours", home=home, empty=True)
    assert names.read_text("utf-8") == ours
    assert (home / "content/services/quito.yml").is_file()


def test_where_a_place_came_from_nothing_contradicts(tmp_path: Path, run: Run) -> None:
    """A place that is adopted where it was exported is the same there, although the directory keeps another order."""
    run("content", "export-place", "quito", "--out", str(tmp_path / "q.zip"), home=tmp_path)
    told = run("content", "adopt", str(tmp_path / "q.zip"), home=tmp_path)
    assert "0 new" in told
    assert "0 in conflict, 0 problems" in told


def test_what_would_not_start_is_not_written(parcels: dict[str, bytes], tmp_path: Path) -> None:
    """A text that names a fact that is not there: told with its file, and nothing of the place is written."""
    manifest, files = unpacked(parcels["quito"])
    facts = yaml.safe_load(files["ecuador/facts.yml"])
    files["ecuador/facts.yml"] = yaml.safe_dump(facts[1:], allow_unicode=True).encode()
    home = empty_installation(tmp_path)
    before = sorted(home.rglob("*"))
    adopter = Adopter(home / "content", home / "content" / "services")
    found = adopter.look(written(_head(manifest), files))
    assert any(facts[0]["id"] in problem for problem in found.problems)
    with pytest.raises(ParcelError):
        adopter.adopt(found, date(2026, 11, 28))
    assert sorted(home.rglob("*")) == before


EVIL = {
    "out of the folder": "../outside.yml",
    "from the root": "/etc/orienta.yml",
    "another way out": "ecuador/answers/../../../outside.yml",
    "backwards": "ecuador\\facts.yml",
    "a program": "ecuador/answers/run.py",
    "hidden": ".git/config",
    "the taxonomy": "taxonomy.yml",
    "safety": "safety.yml",
}


@pytest.mark.parametrize("name", EVIL.values(), ids=EVIL)
def test_a_name_that_is_none_of_ours_is_refused(name: str, parcels: dict[str, bytes], tmp_path: Path) -> None:
    """Nothing leads out of the folder, and what belongs to the whole installation is not brought by a place."""
    manifest, files = unpacked(parcels["quito"])
    evil = written(_head(manifest), {**files, name: b"[]"})
    home = empty_installation(tmp_path / "second")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ParcelError, match="no file of a place"):
        Adopter(home / "content", home / "content" / "services").look(evil)
    assert sorted(tmp_path.rglob("*")) == before


def test_links_bombs_doubles_and_changed_files_are_refused(parcels: dict[str, bytes]) -> None:
    """Each is told in a sentence; a megabyte of zeros in a kilobyte is not unpacked to its end."""
    manifest, files = unpacked(parcels["quito"])
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        link = zipfile.ZipInfo("places.yml")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    with pytest.raises(ParcelError, match="no file of a place"):
        unpacked(target.getvalue())
    with pytest.raises(ParcelError, match="larger"):
        unpacked(written(_head(manifest), {**files, "places.yml": b"#" * 1_000_001}))
    target = io.BytesIO(parcels["quito"])
    with zipfile.ZipFile(target, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("places.yml", "[]")
    with pytest.raises(ParcelError, match="twice"):
        unpacked(target.getvalue())
    with pytest.raises(ParcelError, match="not as it was written"):
        unpacked(_with(parcels["quito"], "places.yml", b"[]"))
    with pytest.raises(ParcelError, match="another version"):
        unpacked(written({**_head(manifest), "version": 2}, files))
    for other in (b"", b"PK", b"no zip", parcels["quito"][:2000]):
        with pytest.raises(ParcelError):
            unpacked(other)


def _with(parcel: bytes, name: str, content: bytes) -> bytes:
    """The same zip with one file replaced behind the manifest's back."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(parcel)) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return target.getvalue()


def test_a_parcel_names_no_hidden_door_and_is_the_same_each_time(parcels: dict[str, bytes]) -> None:
    """Hidden addresses of the seeds are nowhere in it."""
    for place, parcel in parcels.items():
        manifest, files = unpacked(parcel)
        assert written(_head(manifest), files) == parcel
        assert MANIFEST not in files
        assert manifest["place"] == place
        hidden = [record for record in read_seeds()[0] if record.hidden_address and record.address]
        text = files[DIRECTORY].decode()
        assert not any(str(record.address) in text for record in hidden)


AYORA = {
    "code": "puerto-ayora", "country": "ecuador", "country_code": "EC", "kind": "city",
    "names": dict.fromkeys(("es", "pt", "en", "fr", "ht"), "Puerto Ayora"), "time_zone": "Pacific/Galapagos",
    "currency": "USD", "languages": ["es"], "latitude": -0.74, "longitude": -90.31, "radius_km": 20,
    "within": None, "open": True,
}  # fmt: skip
WORDS = {"puerto-ayora": {"names": ["Las Ninfas", "Playa de los Alemanes"], "after_a_cue": ["El Edén"]}}


def own_installation(home: Path, words: object = WORDS) -> Path:
    """An installation that added a town of its own with its districts, on a clock of its own."""
    shutil.copytree(DATA, home / "content")
    shutil.copytree(SEEDS, home / "content" / "services", ignore=shutil.ignore_patterns("*.py"))
    places = home / "content/places.yml"
    places.write_text(places.read_text("utf-8") + yaml.safe_dump([AYORA], allow_unicode=True), "utf-8")
    if words:
        (home / "content/place_words.yml").write_text(yaml.safe_dump(words, allow_unicode=True), "utf-8")
    return home


def exported(home: Path, place: str, run: Run) -> Path:
    """The file of a place of an installation."""
    file = home / f"{place}.zip"
    run("content", "export-place", place, "--out", str(file), home=home, empty=True)
    return file


def test_the_districts_of_a_place_come_with_it(tmp_path: Path, run: Run) -> None:
    """Who names only a district there is answered for the place, and "tonight" is told on its clock."""
    file = exported(own_installation(tmp_path / "first"), "puerto-ayora", run)
    home = empty_installation(tmp_path / "second")
    said = run("content", "adopt", str(file), "--write", home=home, empty=True)
    assert "place_words.yml: puerto-ayora: 3 names" in said
    assert "The content is in order." in run("content", "check", home=home, empty=True)
    lines = "Las Ninfas\nvivo en el barrio el eden\nmoro na playa de los alemanes\n"
    told = run("chat", "--json", home=home, empty=True, lines=lines)
    assert told.count("para Puerto Ayora.") == 3, told
    read = run("understand", home=home, empty=True, lines='{"text": "esta noche en Las Ninfas"}\n')
    entities = json.loads(read.splitlines()[-1])["entities"]
    assert entities["place"] == "puerto-ayora"
    assert entities["when"].endswith("T20:00-06:00")
    assert ": 0 new" in run("content", "adopt", str(file), home=home, empty=True)


def test_a_name_that_leads_elsewhere_here_is_named_and_stays(tmp_path: Path, run: Run) -> None:
    """A district known here under another place stops the adoption, or stays as it is and the others come."""
    words = {"puerto-ayora": {"names": ["Las Ninfas", "Guamaní"], "after_a_cue": ["San Roque"]}}
    file = exported(own_installation(tmp_path / "first", words), "puerto-ayora", run)
    home = own_installation(tmp_path / "second", {})
    stopped = run("content", "adopt", str(file), "--write", home=home, empty=True, code=1)
    assert "conflict  place_words.yml: Guamaní leads to quito here, to puerto-ayora there" in stopped
    assert "conflict  place_words.yml: San Roque leads to quito here" in stopped
    assert not (home / "content/place_words.yml").exists()
    run("content", "adopt", str(file), "--write", "--keep-ours", home=home, empty=True)
    here = yaml.safe_load((home / "content/place_words.yml").read_text("utf-8"))
    assert here == {"puerto-ayora": {"names": ["Las Ninfas"]}}


def test_names_are_added_below_what_stands_here(tmp_path: Path, run: Run) -> None:
    """Other places and the comment at the top stay; a name that is here already is not written twice."""
    file = exported(own_installation(tmp_path / "first"), "puerto-ayora", run)
    home = own_installation(tmp_path / "second", {})
    ours = {"quito": {"names": ["Barrio de la Mitad"]}, "puerto-ayora": {"names": ["Las Ninfas"]}}
    path = home / "content/place_words.yml"
    path.write_text(f"# Ours.\n{yaml.safe_dump(ours)}", "utf-8")
    run("content", "adopt", str(file), "--write", home=home, empty=True)
    assert path.read_text("utf-8").startswith("# Ours.\n")
    assert yaml.safe_load(path.read_text("utf-8")) == {
        "quito": {"names": ["Barrio de la Mitad"]},
        "puerto-ayora": {"names": ["Las Ninfas", "Playa de los Alemanes"], "after_a_cue": ["El Edén"]},
    }


BAD_WORDS = {
    "no list": ("names: [Las Ninfas]", "no list of names"),
    "no document": ("{", "no list of names"),
    "an unknown place": ("atlantis: {names: [Las Ninfas]}", "nobody knows the place atlantis"),
    "two places": ("quito: {names: [El Faro]}\npichincha: {names: [el faro]}", "El Faro|el faro"),
    "too short": ("quito: {names: [Ya]}", "too short"),
    "no letter": ("quito: {names: ['123']}", "no letter"),
    "a sentence": ("quito: {names: [no tengo donde dormir esta noche aqui]}", "more than"),
}


@pytest.mark.parametrize(("written_there", "told"), BAD_WORDS.values(), ids=BAD_WORDS)
def test_names_that_would_mislead_are_refused(
    written_there: str, told: str, parcels: dict[str, bytes], tmp_path: Path
) -> None:
    """Told in words, before anything is written."""
    manifest, files = unpacked(parcels["quito"])
    files["place_words.yml"] = written_there.encode()
    home = empty_installation(tmp_path)
    adopter = Adopter(home / "content", home / "content" / "services")
    try:
        found = adopter.look(written(_head(manifest), files))
        said = "\n".join((*found.problems, *found.conflicts))
    except ParcelError as error:
        said = str(error)
    assert re.search(told, said), said


def test_a_parcel_without_names_is_adopted_as_before(parcels: dict[str, bytes], tmp_path: Path) -> None:
    """Files of earlier versions have none; what this version knows by itself is not written again."""
    manifest, files = unpacked(parcels["quito"])
    assert b"Quitumbe" in files["place_words.yml"]
    home = empty_installation(tmp_path)
    adopter = Adopter(home / "content", home / "content" / "services")
    for some in (files, {name: made for name, made in files.items() if name != "place_words.yml"}):
        found = adopter.look(written(_head(manifest), some))
        assert not found.problems
        assert "place_words.yml" not in found.content.files
