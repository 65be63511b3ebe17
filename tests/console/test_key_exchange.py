"""Another secret key: nobody sets up a second factor again, and what was encrypted moves to the new key."""

from __future__ import annotations

import re

import pyotp
from sqlalchemy import select, update

from console.keys import Keys
from console.renewal import Renewal, renewed_factors
from console.tables import account, recovery_code
from tests.console.rig import PASSWORD, Rig, built, fields_of, submit

OLD, NEW = b"k" * 32, b"n" * 32
ANA = {"email": "ana@example.org", "password": PASSWORD}


async def _exchanged(rig: Rig, earlier: tuple[bytes, ...]) -> Rig:
    """The same console, started again with a new key."""
    return await built(rig.sessions, rig.library, clock=rig.clock, secret=NEW, earlier=earlier)


async def _signs_in(rig: Rig, code: str) -> tuple[int, str]:
    browser = rig.browser(language="en")
    assert (await submit(browser, "/console/sign-in", ANA)).status_code == 303
    answer = await submit(browser, "/console/second-factor", {"code": code})
    return answer.status_code, answer.text


async def _renew(rig: Rig, earlier: tuple[bytes, ...], *, write: bool = True) -> Renewal:
    async with rig.sessions.writing() as session:
        return await renewed_factors(session, NEW, earlier, int(rig.clock().timestamp()), write=write)


async def test_a_new_secret_key_asks_nobody_to_set_the_second_factor_up_again(rig: Rig) -> None:
    """Sessions go on, the same app and the same recovery codes sign in, with the old key beside and without it."""
    client, secret = await rig.person("ana@example.org", "caseworker", ["quito"])
    codes = re.findall(r"<li>([\w-]+)<", (await submit(client, "/console/me/recovery-codes", {})).text)
    beside = await _exchanged(rig, (OLD,))
    going_on = beside.browser()
    going_on.cookies = client.cookies
    assert (await going_on.get("/console/services")).status_code == 200
    rig.clock.move(minutes=1)
    assert (await _signs_in(beside, pyotp.TOTP(secret).at(rig.clock())))[0] == 303
    assert await _renew(rig, (OLD,), write=False) == Renewal(behind=1)
    assert await _renew(rig, (OLD,)) == Renewal(behind=1)
    assert await _renew(rig, (OLD,)) == Renewal()
    alone = await _exchanged(rig, ())
    rig.clock.move(minutes=1)
    assert (await _signs_in(alone, pyotp.TOTP(secret).at(rig.clock())))[0] == 303
    assert [(await _signs_in(alone, one))[0] for one in (codes[0], codes[0], codes[1])] == [303, 422, 303]


async def test_a_form_of_before_the_exchange_is_kept_and_asked_for_again(rig: Rig) -> None:
    """What was typed is not lost; a token of the old key alone sends nothing."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    at = "/console/services/svc-quito/edit/contact"
    before = await client.get(at)
    beside = await _exchanged(rig, (OLD,))
    going_on = beside.browser()
    going_on.cookies = client.cookies
    answer = await going_on.post(at, data={**fields_of(before.text), "name": "Casa Nueva"})
    assert answer.status_code == 403
    assert "Casa Nueva" in answer.text
    sent = fields_of(answer.text)
    assert (await going_on.post(at, data=sent)).status_code == 303


async def test_a_lost_key_is_told_and_recovery_codes_still_lead_in(rig: Rig) -> None:
    """Without the earlier key nothing is guessed: the sentence says what happened and what to do."""
    client, secret = await rig.person("ana@example.org", "caseworker", ["quito"], "en")
    codes = re.findall(r"<li>([\w-]+)<", (await submit(client, "/console/me/recovery-codes", {})).text)
    rig.clock.move(minutes=1)
    lost = await _exchanged(rig, ())
    status, text = await _signs_in(lost, pyotp.TOTP(secret).at(rig.clock()))
    assert status == 422
    assert "the secret key of this installation was changed" in text
    assert await _renew(rig, ()) == Renewal(unreadable=1)
    assert (await _signs_in(lost, codes[0]))[0] == 303


async def test_recovery_codes_of_before_hang_on_the_earlier_key_and_are_taken(rig: Rig) -> None:
    """Codes that an older version stored under the secret key stay good while that key is named."""
    await rig.person("ana@example.org", "caseworker", ["quito"])
    code = "abcdefg-hjkmnpq-rstuvwx-yz23456"
    async with rig.sessions.writing() as session:
        digest = Keys(OLD).digest("recovery", f"1 {code}")
        await session.execute(recovery_code.insert().values(digest=digest, account_id=1))
    assert (await _signs_in(await _exchanged(rig, (OLD,)), code.upper()))[0] == 303


async def test_what_no_key_opens_is_left_and_keeps_nothing_else_back(rig: Rig) -> None:
    """A second factor that nobody can read keeps nobody else's from being renewed, and is not touched."""
    for name in ("ana", "bea"):
        await rig.person(f"{name}@example.org", "caseworker", ["quito"])
    async with rig.sessions.writing() as session:
        await session.execute(update(account).where(account.c.id == 2).values(totp_secret="broken"))
    assert await _renew(rig, (OLD,)) == Renewal(behind=1, unreadable=1)
    async with rig.sessions.reading() as session:
        hidden = (await session.execute(select(account.c.totp_secret).order_by(account.c.id))).scalars().all()
    assert hidden[1] == "broken"
    assert Keys(NEW).cipher.is_present(hidden[0])
