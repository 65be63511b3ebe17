"""Signing in: two factors, slow guesses, the same words for whoever is unknown, sessions that end."""

from __future__ import annotations

import pyotp
import pytest
from sqlalchemy import select

from console.tables import account, recovery_code, session
from tests.console.rig import PASSWORD, Rig, built, fields_of, secret_on, submit


async def test_an_invitation_leads_to_a_password_a_second_factor_and_recovery_codes(rig: Rig) -> None:
    """The link is good once; before the second factor nothing else can be seen."""
    path = await rig.invite("ana@example.org", "caseworker", ["quito"])
    client = rig.browser()
    assert "ana@example.org" in (await client.get(path)).text
    answer = await submit(client, path, {"password": PASSWORD, "again": PASSWORD})
    assert answer.headers["location"] == "/console/second-factor"
    assert (await client.get("/console/services")).headers["location"] == "/console/second-factor"
    secret = secret_on((await client.get("/console/second-factor")).text)
    picture = await client.get("/console/second-factor/picture.png")
    assert picture.content.startswith(b"\x89PNG")
    half = dict(client.cookies)
    answer = await submit(client, "/console/second-factor", {"code": pyotp.TOTP(secret).at(rig.clock())})
    assert answer.headers["location"] == "/console/me/recovery-codes"
    assert dict(client.cookies) != half
    codes = await submit(client, "/console/me/recovery-codes", {})
    assert codes.text.count("<li>") == 10
    assert (await client.get("/console/services")).status_code == 200
    assert (await rig.browser().get(path)).status_code == 404
    async with rig.sessions.reading() as reading:
        row = (await reading.execute(select(account))).mappings().one()
        stored = (await reading.execute(select(session.c.digest))).scalars().all()
        kept = (await reading.execute(select(recovery_code.c.digest))).scalars().all()
    assert PASSWORD not in row["password_hash"]
    assert secret not in row["totp_secret"]
    assert client.cookies["console"] not in stored
    assert all(code not in codes.text for code in kept)


@pytest.mark.parametrize(
    ("password", "again"),
    [("short", "short"), ("orienta orienta orienta", "orienta orienta orienta"), (PASSWORD, "x")],
)
async def test_a_weak_or_mistyped_password_is_refused_and_the_link_stays_good(
    rig: Rig, password: str, again: str
) -> None:
    """A refusal says why and does not use the link up."""
    path = await rig.invite("ana@example.org", "caseworker", ["quito"])
    client = rig.browser()
    assert (await submit(client, path, {"password": password, "again": again})).status_code == 422
    assert (await client.get(path)).status_code == 200


async def test_unknown_and_known_accounts_are_refused_in_the_same_words(rig: Rig) -> None:
    """Nobody learns from a refusal who has an account."""
    await rig.person("ana@example.org", "caseworker", ["quito"])
    texts = []
    for email in ("ana@example.org", "nobody@example.org"):
        answer = await submit(
            rig.browser(), "/console/sign-in", {"email": email, "password": "wrong wrong wrong"}
        )
        assert answer.status_code == 401
        texts.append(answer.text.replace(email, "").split("form_token")[0])
    assert texts[0] == texts[1]


async def test_guesses_grow_slow_and_another_network_can_still_sign_in(rig: Rig) -> None:
    """After three wrong guesses the next must wait; waiting is enough."""
    await rig.person("ana@example.org", "caseworker", ["quito"])
    wrong = {"email": "ana@example.org", "password": "wrong wrong wrong"}
    right = {"email": "ana@example.org", "password": PASSWORD}
    for _ in range(6):
        answer = await submit(rig.browser(), "/console/sign-in", wrong)
    assert answer.status_code == 429
    assert (await submit(rig.browser(), "/console/sign-in", right)).status_code == 429
    owner = rig.browser(network="198.51.100.9")
    assert (await submit(owner, "/console/sign-in", right)).status_code == 303
    rig.clock.move(minutes=16)
    assert (await submit(rig.browser(), "/console/sign-in", right)).status_code == 303


async def test_a_code_of_the_second_factor_works_once(rig: Rig) -> None:
    """Who saw a code being typed cannot use it again; a recovery code works once too."""
    client, secret = await rig.person("ana@example.org", "caseworker", ["quito"])
    codes = (await submit(client, "/console/me/recovery-codes", {})).text
    rig.clock.move(minutes=1)
    code = pyotp.TOTP(secret).at(rig.clock())
    recovery = codes.split("<li>")[1].split("<")[0]
    for given, expected in ((code, 303), (code, 422), (recovery, 303), (recovery, 422)):
        browser = rig.browser()
        await submit(browser, "/console/sign-in", {"email": "ana@example.org", "password": PASSWORD})
        answer = await submit(browser, "/console/second-factor", {"code": given})
        assert answer.status_code == expected


async def test_sessions_end_by_rest_by_age_by_leaving_and_by_the_administrator(rig: Rig) -> None:
    """Each of the four ways leads back to the sign-in page."""
    client, secret = await rig.person("ana@example.org", "caseworker", ["quito"])
    rig.clock.move(minutes=31)
    assert "/sign-in" in (await client.get("/console/services")).headers["location"]

    async def again() -> None:
        await submit(client, "/console/sign-in", {"email": "ana@example.org", "password": PASSWORD})
        rig.clock.move(minutes=1)
        code = pyotp.TOTP(secret).at(rig.clock())
        assert (await submit(client, "/console/second-factor", {"code": code})).status_code == 303

    await again()
    for _ in range(25):
        rig.clock.move(minutes=29)
        answer = await client.get("/console/services")
    assert answer.status_code == 303
    await again()
    await submit(client, "/console/sign-out", {}, page="/console/services")
    assert (await client.get("/console/services")).status_code == 303


async def test_a_form_from_elsewhere_is_refused(rig: Rig) -> None:
    """Neither another site's form, nor one without a token, nor a browser that says nothing gets through."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    path = "/console/services/svc-quito/still-correct"
    good = fields_of((await client.get("/console/services/svc-quito")).text, path)
    assert (await client.post(path, data=good, headers={"sec-fetch-site": "cross-site"})).status_code == 403
    assert (await client.post(path, data={})).status_code == 403
    client.headers.pop("sec-fetch-site")
    assert (await client.post(path, data=good)).status_code == 403
    assert (await client.post(path, data=good, headers={"origin": "https://evil.example"})).status_code == 403
    assert (
        await client.post(path, data=good, headers={"origin": "http://127.0.0.1:8080"})
    ).status_code == 303


async def test_over_https_the_cookie_belongs_to_this_host_alone(rig: Rig) -> None:
    """`__Host-`, Secure, HttpOnly, SameSite=Strict, and HSTS; headers allow no script at all."""
    made = await built(rig.sessions, rig.library, https=True)
    answer = await made.browser().get("/console/sign-in")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-console-form=")
    for mark in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert mark in cookie
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    assert answer.headers["content-security-policy"].startswith(
        "default-src 'none'; object-src 'none'; style-src 'self'"
    )
    assert "script" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


async def test_after_signing_in_nobody_is_led_elsewhere(rig: Rig) -> None:
    """A `next` that names another site is dropped."""
    for evil in ("https://evil.example", "//evil.example", "/\\evil.example"):
        page = await rig.browser().get("/console/sign-in", params={"next": evil})
        assert fields_of(page.text, "/console/sign-in")["next"] == ""
