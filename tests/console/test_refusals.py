"""What was refused, and everything about accounts, stands in the audit log, without a word that somebody typed."""

from __future__ import annotations

import asyncio
import json

import pyotp
from sqlalchemy import select

from console.tables import audit
from tests.console.rig import PASSWORD, Rig, accept, code_on, fields_of, secret_on, submit

TYPED = "una frase muy privada"


async def rows(rig: Rig, action: str = "") -> list[tuple[str, str, str, str, dict[str, object]]]:
    """Who, action, subject, place and details of the rows, the oldest first."""
    query = select(audit).order_by(audit.c.id)
    async with rig.sessions.reading() as reading:
        found = (await reading.execute(query)).mappings().all()
    made = [(r["who"], r["action"], r["subject"], r["place"], json.loads(r["detail"])) for r in found]
    return [row for row in made if row[1].startswith(action)]


async def test_a_refusal_by_role_by_place_by_form_and_by_origin_is_noted(rig: Rig) -> None:
    """Who, which route, of which place; an address that leads nowhere is no refusal."""
    client, _ = await rig.person("eva@example.org", "coordinator", ["quito"])
    await client.get("/console/accounts")
    await client.get("/console/services/svc-san-luis")
    await client.get("/console/coverage/san-luis")
    await client.get("/console/services/nowhere", params={"q": TYPED})
    await client.post("/console/me/language", data={"language": TYPED})
    await client.post("/console/me/language", data={}, headers={"sec-fetch-site": "cross-site"})
    me = ("eva@example.org",)
    assert await rows(rig, "refused") == [
        (*me, "refused.role", "", "", {"method": "GET", "route": "/accounts"}),
        (
            *me,
            "refused.place",
            "svc-san-luis",
            "san-luis",
            {"method": "GET", "route": "/services/{service_id}"},
        ),
        (*me, "refused.place", "", "san-luis", {"method": "GET", "route": "/coverage/{place}"}),
        (*me, "refused.form", "", "", {"method": "POST", "route": "/me/language"}),
        (*me, "refused.origin", "", "", {"method": "POST", "route": "/me/language"}),
    ]


async def test_signing_in_and_each_failure_of_it_is_noted_without_what_was_typed(rig: Rig) -> None:
    """Right and wrong passwords, unknown accounts, right and wrong codes, slowed guesses, leaving."""
    _, secret = await rig.person("ana@example.org", "caseworker", ["quito"])
    rig.clock.move(minutes=1)
    client = rig.browser()
    for email, password in ((TYPED, TYPED), ("ana@example.org", TYPED), ("ana@example.org", PASSWORD)):
        await submit(client, "/console/sign-in", {"email": email, "password": password})
    for code in (TYPED, pyotp.TOTP(secret).at(rig.clock())):
        await submit(client, "/console/second-factor", {"code": code})
    await submit(client, "/console/sign-out", {}, page="/console/me")
    for _ in range(6):
        await submit(rig.browser(), "/console/sign-in", {"email": "ana@example.org", "password": TYPED})
    found = [(who, action) for who, action, *_ in await rows(rig)][4:]
    ana = "ana@example.org"
    assert found[:6] == [
        ("unknown", "sign_in.refused"), (ana, "sign_in.refused"), (ana, "sign_in.password"),
        (ana, "second_factor.refused"), (ana, "sign_in"), (ana, "sign_out"),
    ]  # fmt: skip
    assert ("not signed in", "refused.guesses") in found
    async with rig.sessions.reading() as reading:
        whole = str([dict(row) for row in (await reading.execute(select(audit))).mappings()])
    assert TYPED not in whole


async def test_every_change_of_an_account_is_noted(rig: Rig) -> None:
    """Made, changed, disabled, let in again, invited again, language, password, codes, sessions."""
    admin, _ = await rig.person("root@example.org", "admin")
    at = "/console/accounts/2"
    await submit(
        admin, "/console/accounts", {"email": "bea@example.org", "role": "caseworker", "places": "quito"}
    )
    await submit(admin, at, {"role": "coordinator", "places": "quito"})
    for _ in range(2):
        await submit(admin, f"{at}/disabled", {}, page=at)
    await submit(admin, f"{at}/invitation", {}, page=at)
    form = fields_of((await admin.get("/console/me")).text, "/console/me/language")
    await admin.post("/console/me/language", data={**form, "language": "pt"})
    new = {"old": PASSWORD, "password": "mesa verde sol ayer"}
    await submit(admin, "/console/me/password", {**new, "old": "nada"}, page="/console/me")
    await submit(admin, "/console/me/password", new, page="/console/me")
    await submit(admin, "/console/me/recovery-codes", {})
    await submit(admin, "/console/me/sessions", {}, page="/console/me")
    actions = [action for _, action, *_ in await rows(rig)]
    assert actions[-10:] == [
        "account.invite", "account.change", "account.disable", "account.enable", "account.invite",
        "account.language", "password.refused", "account.password", "account.recovery_codes", "sessions.end",
    ]  # fmt: skip


async def test_nobody_fills_the_log_with_refusals(rig: Rig) -> None:
    """One account is noted sixty times at once; the rest of the log stays readable."""
    client, _ = await rig.person("eva@example.org", "coordinator", ["quito"])
    for _ in range(80):
        await client.get("/console/accounts")
    assert len(await rows(rig, "refused.role")) == 60


async def test_guesses_sent_all_at_once_are_counted_one_by_one(rig: Rig) -> None:
    """Three are looked at, the others must wait: being fast does not help."""
    await rig.person("ana@example.org", "caseworker", ["quito"])
    client = rig.browser()
    form = fields_of((await client.get("/console/sign-in")).text, "/console/sign-in")
    wrong = {**form, "email": "ana@example.org", "password": "wrong wrong wrong"}
    answers = await asyncio.gather(*(client.post("/console/sign-in", data=wrong) for _ in range(12)))
    assert sorted(one.status_code for one in answers) == [401] * 3 + [429] * 9


async def test_a_lost_password_never_lets_past_the_second_factor(rig: Rig) -> None:
    """The new link changes the password; the code is still asked for. With a lost telephone, nothing old leads in."""
    admin, _ = await rig.person("root@example.org", "admin")
    _, secret = await rig.person("ana@example.org", "caseworker", ["quito"])
    at, new = "/console/accounts/2", "mesa verde sol ayer"
    page = await submit(admin, f"{at}/invitation", {}, page=at)
    client = rig.browser()
    assert (await accept(client, code_on(page.text), new)).headers["location"] == "/console/second-factor"
    assert 'class="secret"' not in (await client.get("/console/second-factor")).text
    rig.clock.move(minutes=1)
    code = pyotp.TOTP(secret).at(rig.clock())
    assert (await submit(client, "/console/second-factor", {"code": code})).status_code == 303
    form = {**fields_of((await admin.get(at)).text, f"{at}/invitation"), "lost": "telephone"}
    page = await admin.post(f"{at}/invitation", data=form)
    assert "/sign-in" in (await client.get("/console/me")).headers["location"]
    old = {"email": "ana@example.org", "password": new}
    assert (await submit(rig.browser(), "/console/sign-in", old)).status_code == 401
    fresh = rig.browser()
    await accept(fresh, code_on(page.text), new)
    assert secret_on((await fresh.get("/console/second-factor")).text) != secret


async def test_recovery_codes_and_ending_sessions_ask_again_after_ten_minutes(rig: Rig) -> None:
    """Who finds an open browser cannot take the account over; who has just signed in is not asked twice."""
    client, secret = await rig.person("ana@example.org", "caseworker", ["quito"])
    at, me = "/console/me/recovery-codes", "/console/me"
    assert "<li>" in (await submit(client, at, {})).text
    rig.clock.move(minutes=11)
    assert (await submit(client, at, {})).status_code == 422
    assert (await submit(client, f"{me}/sessions", {"present": "nada"}, page=me)).status_code == 422
    code = pyotp.TOTP(secret).at(rig.clock())
    assert (await submit(client, at, {"old": PASSWORD, "code": "000000"})).status_code == 422
    assert "<li>" in (await submit(client, at, {"old": PASSWORD, "code": code})).text
    ended = await submit(client, f"{me}/sessions", {"present": PASSWORD}, page=me)
    assert ended.headers["location"].endswith("done=sessions")


async def test_an_eleventh_session_ends_the_one_longest_unused(rig: Rig) -> None:
    """Ten browsers of one account at most."""
    first, secret = await rig.person("ana@example.org", "caseworker", ["quito"])
    for _ in range(10):
        rig.clock.move(seconds=31)
        client = rig.browser()
        await submit(client, "/console/sign-in", {"email": "ana@example.org", "password": PASSWORD})
        await submit(client, "/console/second-factor", {"code": pyotp.TOTP(secret).at(rig.clock())})
    assert (await client.get("/console/me")).status_code == 200
    assert (await first.get("/console/me")).status_code == 303
