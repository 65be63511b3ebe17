"""Linking one's own chat from the console, what ends a link, and what reaches a coordinator."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.conversation.events import Caseworker
from bot.linked import Links
from console import audit
from referrals.outcomes import Outcomes
from tests.console.rig import Rig, submit

CHAT = 987654321012


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
