"""Linking one's own chat from the console, what ends a link, and what reaches a coordinator."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pyotp
import pytest

from bot.conversation.events import Caseworker
from bot.linked import Links
from console import audit, sessions
from console.in_chat import ChatProof
from console.keys import Keys
from console.proof import Answer, Given, State
from referrals.outcomes import Outcomes
from tests.console.rig import PASSWORD, Rig, submit

CHAT = 987654321012
ANA = "ana@example.org"


@pytest.fixture
def links(rig: Rig) -> Links:
    """The links that the console of the rig speaks to."""
    assert rig.links is not None
    return rig.links


async def code_of(client: object, rig: Rig) -> str:
    """The code on the page that is shown once."""
    shown = await submit(client, "/console/me/chat", {}, page="/console/me")  # type: ignore[arg-type]
    found = re.search(r"/vincular ([0-9A-Z-]+)<", shown.text)
    assert found, shown.text
    return found[1]


async def test_a_caseworker_links_and_unlinks_the_own_chat(rig: Rig, links: Links) -> None:
    """A code for the account's places, good once; the page says that the chat is linked, and ends it."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito", "ecuador"], "en")
    code = await code_of(client, rig)
    assert code not in (await client.get("/console/me")).text
    assert "A code waits until" in (await client.get("/console/me?language=en")).text
    assert await links.link(code, CHAT) == Caseworker("ana@example.org", ("ecuador", "quito"))
    assert await links.link(code, CHAT + 1) is None
    page = (await client.get("/console/me?language=en")).text
    assert "Linked since" in page
    assert str(CHAT) not in page
    await submit(client, "/console/me/chat/end", {}, page="/console/me")
    assert await links.who(CHAT) is None
    async with rig.sessions.reading() as reading:
        actions = [one.action for one in await audit.entries(reading)]
    assert actions[:2] == ["account.chat_end", "account.chat_code"]


def proof_of(rig: Rig) -> ChatProof:
    """What a process of the bot knows of the chats of this installation."""
    return ChatProof(rig.sessions, Keys(b"k" * 32), rig.clock)


async def linked(rig: Rig, links: Links) -> tuple[httpx.AsyncClient, str]:
    """A caseworker who linked her chat, half a minute ago: the code that she signed in with is over."""
    client, secret = await rig.person(ANA, "caseworker", ["quito"], "en")
    assert await links.link(await code_of(client, rig), CHAT)
    rig.clock.move(seconds=30)
    return client, secret


async def proven(rig: Rig, secret: str) -> ChatProof:
    """A chat that gave its code."""
    proof = proof_of(rig)
    assert await proof.state(ANA) == State.ASKED
    assert await proof.give(ANA, pyotp.TOTP(secret).at(rig.clock())) == Given(Answer.RIGHT)
    return proof


async def test_a_code_opens_the_console_or_the_chat_and_never_both(rig: Rig, links: Links) -> None:
    """Whichever way it was used first, the other refuses it as used."""
    _, secret = await linked(rig, links)
    await proven(rig, secret)
    code = pyotp.TOTP(secret).at(rig.clock())
    browser = rig.browser("en")
    await submit(browser, "/console/sign-in", {"email": ANA, "password": PASSWORD})
    refused = await submit(browser, "/console/second-factor", {"code": code})
    assert refused.status_code == 422
    assert "used already" in refused.text
    rig.clock.move(seconds=30)
    code = pyotp.TOTP(secret).at(rig.clock())
    assert (await submit(browser, "/console/second-factor", {"code": code})).status_code == 303
    assert await proof_of(rig).give(ANA, code) == Given(Answer.USED)


async def test_a_recovery_code_stands_for_the_app_in_the_chat_too(rig: Rig, links: Links) -> None:
    """Once, and it is noted."""
    client, _ = await linked(rig, links)
    shown = await submit(client, "/console/me/recovery-codes", {})
    code = re.findall(r"[a-z2-9]{7}(?:-[a-z2-9]{7}){3}", shown.text)[0]
    assert (await proof_of(rig).give(ANA, code)).answer == Answer.RIGHT
    assert (await proof_of(rig).give(ANA, code)).answer == Answer.WRONG
    async with rig.sessions.reading() as reading:
        actions = [one.action for one in await audit.entries(reading)]
    assert actions[:3] == ["second_factor.refused", "sign_in.chat", "account.recovery_code"]


async def test_what_a_chat_has_proven_holds_for_every_process_and_for_twelve_hours(
    rig: Rig, links: Links
) -> None:
    """Another process, and one started later, know it; half an hour without use does not end it."""
    client, secret = await linked(rig, links)
    await proven(rig, secret)
    rig.clock.move(hours=12)
    assert await proof_of(rig).state(ANA) == State.PROVEN
    await rig.person(
        "sol@example.org", "caseworker", ["quito"]
    )  # what has ended is cleaned away at a sign-in
    assert await proof_of(rig).state(ANA) == State.PROVEN
    rig.clock.move(seconds=1)
    assert await proof_of(rig).state(ANA) == State.ASKED
    assert (await client.get("/console/me")).status_code == 303


async def test_it_is_no_session_of_a_browser(rig: Rig, links: Links) -> None:
    """It is listed beside them by its own name, does not push one out, and none of its marks signs anybody in."""
    client, secret = await linked(rig, links)
    await proven(rig, secret)
    assert "Telegram" in (await client.get("/console/me")).text
    async with rig.sessions.reading() as reading:
        [digest] = [one.digest for one in await sessions.living(reading, _now(rig)) if one.stage == "chat"]
        assert await sessions.find(reading, digest, _now(rig)) is None
    stranger = rig.browser()
    stranger.cookies.set("console", digest)
    assert (await stranger.get("/console/me")).status_code == 303


def _now(rig: Rig) -> int:
    return int(rig.clock().timestamp())


@pytest.mark.parametrize("how", ["others", "password", "sessions", "disabled", "role", "unlink", "link"])
async def test_what_ends_the_sessions_of_an_account_ends_what_its_chat_has_proven(
    rig: Rig, links: Links, how: str
) -> None:
    """By its owner or by an administrator, and when the chat is unlinked or another one linked."""
    admin, _ = await rig.person("root@example.org", "admin", [])
    client, secret = await linked(rig, links)
    proof = await proven(rig, secret)
    async with rig.sessions.reading() as reading:
        [digest] = [one.digest for one in await sessions.living(reading, _now(rig)) if one.stage == "chat"]
    new = {"old": PASSWORD, "password": "another battery staple horse"}
    sent = {
        "others": (client, "/console/me/sessions", {}, "/console/me"),
        "password": (client, "/console/me/password", new, "/console/me"),
        "sessions": (admin, "/console/sessions", {"session": digest}, "/console/sessions"),
        "disabled": (admin, "/console/accounts/2/disabled", {}, "/console/accounts/2"),
        "role": (admin, "/console/accounts/2", {"role": "admin", "places": "quito"}, "/console/accounts/2"),
        "unlink": (client, "/console/me/chat/end", {}, "/console/me"),
        "link": (client, "/console/me/chat", {}, "/console/me"),
    }
    who, path, values, page = sent[how]
    assert (await submit(who, path, values, page=page)).status_code in (200, 303)
    assert await proof.state(ANA) == (State.WITHOUT if how == "disabled" else State.ASKED)


async def test_a_disabled_account_has_no_linked_chat(rig: Rig, links: Links) -> None:
    """The page of accounts ends the link with the sessions, also a code that waits."""
    admin, _ = await rig.person("root@example.org", "admin", [])
    for email, linked in (("ana@example.org", True), ("bea@example.org", False)):
        client, _ = await rig.person(email, "caseworker", ["quito"])
        code = await code_of(client, rig)
        if linked:
            assert await links.link(code, CHAT)
    for number in (2, 3):
        await submit(admin, f"/console/accounts/{number}/disabled", {}, page=f"/console/accounts/{number}")
    assert await links.who(CHAT) is None
    assert await links.link(code, CHAT) is None
    assert await links.listed() == ()


async def test_a_link_follows_its_account(rig: Rig, links: Links) -> None:
    """Other places and another role hold for the chat at once: a coordinator changes no service from it."""
    admin, _ = await rig.person("root@example.org", "admin", [])
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    assert await links.link(await code_of(client, rig), CHAT)
    theirs = "/console/accounts/2"
    await submit(admin, theirs, {"role": "caseworker", "places": "san-luis"})
    assert await links.who(CHAT) == Caseworker("ana@example.org", ("san-luis",))
    await submit(admin, theirs, {"role": "coordinator", "places": "san-luis"})
    assert await links.who(CHAT) == Caseworker("ana@example.org", ("san-luis",), may_write=False)


async def test_refusals_and_money_stand_before_coordinators(rig: Rig) -> None:
    """One report is enough, for their own places; once somebody changed the service it is looked at."""
    outcomes = Outcomes(rig.sessions, rig.library.places)
    await outcomes.record("svc-quito", "asked_for_money", rig.clock())
    await outcomes.record("svc-sao-paulo", "refused", rig.clock())
    eva, _ = await rig.person("eva@example.org", "coordinator", ["quito"], "en")
    ana, _ = await rig.person("ana@example.org", "caseworker", ["quito"], "en")
    heading = "Refused, or asked for money"
    page = (await eva.get("/console/review?language=en")).text
    told = page[page.index(heading) :]
    assert "Casa svc-quito" in told
    assert "Casa svc-sao-paulo" not in page
    assert heading not in (await ana.get("/console/review?language=en")).text
    at = "/console/services/svc-quito"
    await submit(ana, f"{at}/still-correct", {}, page=at)
    assert "Nobody has told of it" in (await eva.get("/console/review?language=en")).text
    assert await outcomes.flagged(rig.clock() + timedelta(days=1)) == ()
