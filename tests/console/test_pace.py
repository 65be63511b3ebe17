"""Who goes faster than a person can has to wait: by session and by account, in their language, and nothing typed is lost."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from console.pace import PER_ACCOUNT, PER_SESSION, Allowance, Pace
from console.tables import audit
from tests.console.rig import PASSWORD, Rig, fields_of, submit

AT = "/console/services/svc-quito/edit/contact"


@given(
    st.integers(1, 20),
    st.floats(0.1, 5),
    st.lists(st.floats(0, 3), min_size=1, max_size=60),
    st.integers(1, 4),
)
def test_nobody_gets_more_than_the_store_and_what_time_fills_in(
    at_once: int, per_second: float, gaps: list[float], cost: int
) -> None:
    """However requests are spread; and who waits as long as is said is let in."""
    pace, now, taken = Pace(Allowance(at_once, per_second)), 0.0, 0
    for gap in gaps:
        now += gap
        taken += pace.take("a", now)
    assert taken <= at_once + now * per_second + 1e-6
    while pace.take("a", now, cost):
        pass
    assert pace.wait("b", now) == 0
    assert pace.take("a", now + pace.wait("a", now))


async def use_up(client: httpx.AsyncClient, path: str = "/console/me") -> httpx.Response:
    """Ask until it is too much."""
    for _ in range(PER_ACCOUNT.at_once + 10):
        answer = await client.get(path)
        if answer.status_code == 429:
            break
    return answer


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "Demasiado rápido"), ("pt", "Rápido demais"), ("en", "Too fast")],
)
async def test_a_form_sent_too_fast_is_kept_and_goes_through_later(
    rig: Rig, language: str, words: str
) -> None:
    """429 says in the reader's language how long to wait, and its button sends what was typed."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"], language)
    form = fields_of((await client.get(AT)).text)
    assert (await use_up(client)).status_code == 429
    typed = {**form, "name": 'Casa "de" <todos>', "phones": "171\n+593 2 299 3200"}
    answer = await client.post(AT, data=typed)
    assert answer.status_code == 429
    assert words in answer.text
    assert int(answer.headers["retry-after"]) >= 1
    kept = {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text)
        if name in typed
    }
    assert kept == {**typed, "form_token": form["form_token"]}
    rig.clock.move(seconds=int(answer.headers["retry-after"]))
    assert (await client.post(AT, data=kept)).status_code == 303


async def test_passwords_codes_and_files_are_never_kept_in_a_page(rig: Rig) -> None:
    """They would stand in the browser's memory; the page says to go back."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"], "en")
    form = fields_of((await client.get("/console/me")).text, "/console/me/password")
    upload = fields_of((await client.get("/console/imports")).text, "/console/imports")
    await use_up(client)
    answer = await client.post("/console/me/password", data={**form, "old": PASSWORD, "password": "s3cret"})
    assert (answer.status_code, PASSWORD in answer.text, "s3cret" in answer.text) == (429, False, False)
    upload.pop("file", None)
    files = {"file": ("a.csv", b"id\n")}
    assert "Send again" not in (await client.post("/console/imports", data=upload, files=files)).text


async def test_one_busy_session_leaves_the_others_of_the_account_alone(rig: Rig) -> None:
    """Up to what the account may have in all; leaving is always possible; another account notices nothing."""
    import pyotp

    first, secret = await rig.person("ana@example.org", "caseworker", ["quito"])
    other, _ = await rig.person("bea@example.org", "caseworker", ["quito"])
    second = rig.browser()
    rig.clock.move(minutes=1)
    await submit(second, "/console/sign-in", {"email": "ana@example.org", "password": PASSWORD})
    await submit(second, "/console/second-factor", {"code": pyotp.TOTP(secret).at(rig.clock())})
    token = fields_of((await first.get("/console/me")).text, "/console/sign-out")
    assert (await use_up(first)).status_code == 429
    assert (await second.get("/console/me")).status_code == 200
    assert (await use_up(second)).status_code == 429
    assert (await other.get("/console/me")).status_code == 200
    assert (await first.post("/console/sign-out", data=token)).status_code == 303
    async with rig.sessions.reading() as reading:
        noted = (await reading.execute(select(audit.c.who).where(audit.c.action == "refused.too_fast"))).all()
    assert {row[0] for row in noted} == {"ana@example.org"}


async def test_a_hurried_person_never_meets_the_limit(rig: Rig) -> None:
    """Two clicks a second for ten minutes."""
    assert (PER_SESSION.per_second, PER_ACCOUNT.per_second) == (2.0, 4.0)
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    for _ in range(300):
        assert (await client.get("/console/me")).status_code == 200
        assert (await client.get("/console/me")).status_code in (200, 429)
        rig.clock.move(seconds=1)
    assert (await client.get("/console/me")).status_code == 200
