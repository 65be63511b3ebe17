"""Tables of coverage are sorted by the links in their heads, without a script, and can be kept as a link."""

from __future__ import annotations

import re

import pytest

from console.sorting import Order
from referrals.writing import Mark, store
from tests.console.rig import Rig, record

PLACES = ["quito", "sao-paulo", "san-luis"]


def heads(text: str, table: int) -> list[tuple[str, str]]:
    """The order of each column as it is told, and where its link leads."""
    head = re.findall(r"<thead.*?</thead>", text, re.S)[table]
    return re.findall(r'aria-sort="(\w+)"><a class="sort" href="([^"]+)"', head)


def body(text: str, table: int) -> list[list[str]]:
    """The cells of a table, as text."""
    rows = re.findall(
        r"<tr role=\"row\"><th scope=\"row\".*?</tr>",
        re.findall(r"<tbody.*?</tbody>", text, re.S)[table],
        re.S,
    )
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in rows
    ]


@pytest.fixture
async def filled(rig: Rig) -> Rig:
    """Two more services in one place and one more in another."""
    made = [record("more-1", "quito", assured_date="2026-11"), record("more-2", "quito", opening_hours=None),
            record("more-3", "san-luis", assured_date=None)]  # fmt: skip
    async with rig.sessions.writing() as writing:
        await store(writing, [(one, Mark("console")) for one in made])
    return rig


async def test_places_are_sorted_by_each_column_and_turned_round(filled: Rig) -> None:
    """The column says that it is sorted, its link turns the order round, and the other table stays as it was asked for."""
    client, _ = await filled.person("eva@example.org", "coordinator", PLACES, "en")
    text = (await client.get("/console/coverage")).text
    assert {told for told, _ in heads(text, 0)} == {"none"}
    for at, (_, link) in enumerate(heads(text, 0)):
        path, down = link.replace("&amp;", "&").split("#")[0], None
        for told, turned in (("ascending", False), ("descending", True)):
            shown = (await client.get(down or path)).text
            cells = [row[at] if at == 0 else int(row[at]) for row in body(shown, 0)]
            assert cells == sorted(cells, reverse=turned), (link, turned)
            assert [one for one, _ in heads(shown, 0)].count("none") == len(heads(shown, 0)) - 1
            assert heads(shown, 0)[at][0] == told
            down = heads(shown, 0)[at][1].replace("&amp;", "&").split("#")[0]
    both = (await client.get("/console/coverage?sort=-services&need=quito")).text
    assert body(both, 0)[0][1] == "3"
    counts = [int(row[1]) for row in body(both, 1)]
    assert counts == sorted(counts)
    assert all("sort=-services" in link for _, link in heads(both, 1))
    assert all("need=quito" in link for _, link in heads(both, 0))


async def test_answers_of_a_place_are_sorted_by_age_and_language(rig: Rig) -> None:
    """The oldest first, those that are missing before them; and those not written in a language together."""
    client, _ = await rig.person("eva@example.org", "coordinator", PLACES, "en")
    usual = body((await client.get("/console/coverage/quito")).text, 0)
    for sort in ("need", "-need", "ht", "fresh", "-fresh"):
        text = (await client.get(f"/console/coverage/quito?sort={sort}")).text
        assert sorted(body(text, 0)) == sorted(usual)
        column = sort.removeprefix("-")
        told = dict(
            zip(
                ("need", "es", "pt", "en", "fr", "ht", "fresh"),
                (one for one, _ in heads(text, 0)),
                strict=True,
            )
        )
        assert told[column] == ("descending" if sort.startswith("-") else "ascending")
    written = [row[5] for row in body((await client.get("/console/coverage/quito?sort=ht")).text, 0)]
    assert written == sorted(written)
    oldest = body((await client.get("/console/coverage/quito?sort=fresh")).text, 0)
    missing = ["no checked information" in row[6] for row in oldest]
    assert missing == sorted(missing, reverse=True)


@pytest.mark.parametrize("sort", ["nonsense", "--fresh", "-", "__class__"])
async def test_an_order_that_there_is_not_is_no_order(rig: Rig, sort: str) -> None:
    """Whatever the address says, the table is shown."""
    client, _ = await rig.person("eva@example.org", "coordinator", PLACES)
    for path in ("/console/coverage", "/console/coverage/quito"):
        assert heads((await client.get(f"{path}?sort={sort}&need={sort}")).text, 0)[0][0] == "none"


def test_rows_that_are_alike_stay_as_they_were() -> None:
    """Also when the order is turned round."""
    rows = [("b", 1), ("a", 1), ("c", 0)]
    keys = {"number": lambda row: row[1]}
    assert Order("number", ("number",)).apply(rows, keys) == [("c", 0), ("b", 1), ("a", 1)]
    assert Order("-number", ("number",)).apply(rows, keys) == [("b", 1), ("a", 1), ("c", 0)]
