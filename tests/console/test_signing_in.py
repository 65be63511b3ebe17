"""Signing in: two factors, slow guesses, the same words for whoever is unknown, sessions that end."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import httpx
import pyotp
import pytest
from sqlalchemy import select

from console.tables import account, recovery_code, session
from tests.console.rig import PASSWORD, Rig, accept, built, code_on, fields_of, secret_on, submit


async def test_an_invitation_leads_to_a_password_a_second_factor_and_recovery_codes(rig: Rig) -> None:
    """The code is good once; before the second factor nothing else can be seen."""
    invited = await rig.invite("ana@example.org", "caseworker", ["quito"])
    client, path = rig.browser(), "/console/invitation"
    asked = await submit(client, path, {"code": invited})
    assert "ana@example.org" in asked.text
    sent = {**fields_of(asked.text, path), "password": PASSWORD, "again": PASSWORD}
    answer = await client.post(path, data=sent)
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
    assert (await submit(rig.browser(), path, {"code": invited})).status_code == 422
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
async def test_a_weak_or_mistyped_password_is_refused_and_the_code_stays_good(
    rig: Rig, password: str, again: str
) -> None:
    """A refusal says why and does not use the invitation up; the code need not be typed again."""
    code = await rig.invite("ana@example.org", "caseworker", ["quito"])
    client = rig.browser()
    refused = await accept(client, code, password, again)
    assert refused.status_code == 422
    assert fields_of(refused.text, "/console/invitation")["code"] == code
    assert (await submit(client, "/console/invitation", {"code": code})).status_code == 200


async def test_no_address_holds_the_code_of_an_invitation(rig: Rig) -> None:
    """Not the one that is sent, not one that a browser opens on the way, no cookie; a code in an address does nothing."""
    admin, _ = await rig.person("root@example.org", "admin", [], "en")
    invited = {"email": "bea@example.org", "role": "caseworker", "places": "quito"}
    page = (await submit(admin, "/console/accounts", invited)).text
    code = code_on(page)
    assert code not in "".join(re.findall(r"https?://[^<\s]+", page))
    client = rig.browser()
    opened: list[str] = []

    async def note(request: httpx.Request) -> None:
        opened.append(
            f"{request.url} {request.headers.get('cookie', '')} {request.headers.get('referer', '')}"
        )

    client.event_hooks["request"].append(note)
    asked = await submit(client, "/console/invitation", {"code": code})
    assert (await client.post("/console/invitation", params={"code": code}, data={})).status_code == 403
    form = fields_of((await client.get(f"/console/invitation?code={code.upper()}")).text)
    assert form["code"] == ""
    del opened[-2:]  # the two with which this test tries
    chosen = {**fields_of(asked.text), "password": PASSWORD, "again": PASSWORD}
    answer = await client.post("/console/invitation", data=chosen)
    opened.append(str(answer.headers))
    assert answer.status_code == 303
    assert len(opened) == 4
    assert not any(code in one for one in opened)


@pytest.mark.parametrize(
    "typed",
    [
        "{code}",
        " {upper} ",
        "{spaced}",
        "{closed}",
        "Hola Bea: https://orienta.example.org/console/invitation código {code}. ¡Bienvenida!",
        "https://orienta.example.org/console/invitation{code}Bienvenida",
    ],
)
async def test_the_code_of_an_invitation_can_be_typed_or_pasted_in_any_shape(rig: Rig, typed: str) -> None:
    """In capitals, with spaces, without dashes, or the whole message that it came in."""
    code = await rig.invite("ana@example.org", "caseworker", ["quito"])
    shapes = {"upper": code.upper(), "spaced": code.replace("-", " "), "closed": code.replace("-", "")}
    given = typed.format(code=code, **shapes)
    assert (await accept(rig.browser(), given)).headers["location"] == "/console/second-factor"


async def test_a_code_that_is_wrong_or_over_is_told_and_kept_in_its_field(rig: Rig) -> None:
    """After four days, mistyped, or replaced by a newer one: the same words, and what was typed stays to be corrected."""
    code = await rig.invite("ana@example.org", "caseworker", ["quito"])
    wrong = code[:-1] + ("a" if code[-1] != "a" else "b")
    answer = await submit(rig.browser(language="en"), "/console/invitation", {"code": wrong})
    assert "This code is not good." in answer.text
    assert fields_of(answer.text)["code"] == wrong
    rig.clock.move(days=4)
    late = await submit(rig.browser(language="en"), "/console/invitation", {"code": code})
    assert late.text.split("form_token")[0] == answer.text.split("form_token")[0]
    assert (late.status_code, answer.status_code) == (422, 422)


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


@pytest.mark.parametrize("at", [0, 1, 15, 28, 29])
async def test_a_code_lives_for_its_half_minute_and_no_longer(rig: Rig, at: int) -> None:
    """The code of this half minute is taken at each of its seconds; the one before and the one after at none."""
    _, secret = await rig.person("ana@example.org", "caseworker", ["quito"])
    rig.clock.move(seconds=120 - int(rig.clock().timestamp()) % 30 + at)
    for away, expected in ((-30, 422), (30, 422), (0, 303)):
        browser = rig.browser()
        await submit(browser, "/console/sign-in", {"email": "ana@example.org", "password": PASSWORD})
        code = pyotp.TOTP(secret).at(rig.clock() + timedelta(seconds=away))
        answer = await submit(browser, "/console/second-factor", {"code": code})
        assert answer.status_code == expected, away


async def test_a_telephone_whose_clock_is_wrong_is_told_so_in_plain_words(rig: Rig) -> None:
    """With our time to compare; the words are the same for a mere guess. A code that was used is told as used."""
    client, secret = await rig.person("ana@example.org", "caseworker", ["quito"], "en")
    used = pyotp.TOTP(secret).at(rig.clock())
    rig.clock.move(seconds=20)

    async def told(code: str) -> str:
        browser = rig.browser(language="en")
        await submit(browser, "/console/sign-in", {"email": "ana@example.org", "password": PASSWORD})
        text = (await submit(browser, "/console/second-factor", {"code": code})).text
        found = re.search(r'class="error"[^>]*>([^<]+)<', text)
        assert found, text
        return unescape(found[1])

    slow = await told(pyotp.TOTP(secret).at(rig.clock() - timedelta(minutes=3)))
    assert "the clock of your telephone may be wrong" in slow
    assert "Our clock says 09:00:20." in slow
    rig.clock.move(minutes=20)
    fast = await told(pyotp.TOTP(secret).at(rig.clock() + timedelta(minutes=3)))
    assert (
        fast.replace("09:20:20", "09:00:20") == slow == (await told("000000")).replace("09:20:20", "09:00:20")
    )
    assert (await client.get("/console/me")).status_code == 200
    fresh = pyotp.TOTP(secret).at(rig.clock())
    browser = rig.browser()
    rig.clock.move(minutes=20)
    fresh = pyotp.TOTP(secret).at(rig.clock())
    await submit(browser, "/console/sign-in", {"email": "ana@example.org", "password": PASSWORD})
    assert (await submit(browser, "/console/second-factor", {"code": fresh})).status_code == 303
    assert "was used already" in await told(fresh)
    rig.clock.move(seconds=15)
    assert "was used already" in await told(fresh)
    assert "was used already" not in await told(used)


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


async def test_with_an_https_address_nothing_is_shown_or_taken_in_the_clear(rig: Rig) -> None:
    """From another machine neither a page nor a password; from this one, where the proxy is, both."""
    made = await built(rig.sessions, rig.library, https=True)
    over_tls = made.browser(language="en")
    form = fields_of((await over_tls.get("/console/sign-in")).text, "/console/sign-in")
    made.https = False
    for language in ("es", "pt", "en"):
        plain = made.browser(language)
        plain.cookies = over_tls.cookies
        for answer in (
            await plain.get("/console/sign-in"),
            await plain.get("/console/services"),
            await plain.post("/console/sign-in", data={**form, "email": "ana@example.org", "password": "x"}),
        ):
            assert answer.status_code == 403
            assert "https://" in answer.text
            assert "set-cookie" not in answer.headers
            assert "<form" not in answer.text.split("<main", 1)[1].split("</main>", 1)[0]
    for network in ("127.0.0.1", "::1"):
        assert (await made.browser(network=network).get("/console/sign-in")).status_code == 200
