"""Every list can be filtered and sorted by its address, says what to do when it is empty, and shows own places alone."""

from __future__ import annotations

import re

import pytest

from console.labels import ACTIONS
from tests.console.rig import Rig, submit
from tests.console.test_refusals import rows

LISTS = {
    "/services": [{"q": "svc"}, {"place": "quito"}, {"state": "due"}, {"need": "documents.id_card"}, {"sort": "newest"}],
    "/services/svc-quito/history": [{"field": "name"}, {"sort": "oldest"}],
    "/review": [{"place": "quito"}, {"need": "documents.id_card"}, {"sort": "unchecked"}],
    "/accounts": [{"q": "root"}, {"with_role": "admin"}, {"with_place": "quito"}, {"state": "invited"}, {"sort": "newest"}],
    "/sessions": [{"q": "root"}, {"sort": "email"}, {"sort": "oldest"}],
    "/audit": [{"action": "account"}, {"who": "root@example.org"}, {"place": "quito"}, {"sort": "oldest"}],
}  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_shows_in_its_form_what_its_address_asks_for(rig: Rig, path: str) -> None:
    """So that a filtered list can be kept as a link and sent to a colleague."""
    client, _ = await rig.person("root@example.org", "admin")
    await submit(client, "/console/services/svc-quito/still-correct", {}, page="/console/services/svc-quito")
    assert " open><summary>" not in (await client.get(f"/console{path}")).text
    for query in LISTS[path]:
        text = (await client.get(f"/console{path}", params=query)).text
        for name, value in query.items():
            select = re.search(rf'<select id="{name}".*?</select>', text, re.S)
            shown = select[0] if select else text
            assert re.search(rf'value="{value}"( selected)?', shown), (path, query)
            assert select is None or f'value="{value}" selected' in select[0], (path, query)
        assert ("q" in query and path == "/services") or " open><summary>" in text, (path, query)


@pytest.mark.parametrize(
    "path",
    ["/services?q=nada", "/services/svc-quito/history?field=name", "/review?place=nowhere", "/accounts?q=nada",
     "/sessions?q=nada", "/audit?who=nada"],
)  # fmt: skip
async def test_an_empty_list_leads_back_to_everything(rig: Rig, path: str) -> None:
    """Nobody is left before an empty page."""
    client, _ = await rig.person("root@example.org", "admin")
    text = (await client.get(f"/console{path}")).text
    assert f'<a href="/console{path.split("?")[0]}">' in text.split("<main", 1)[1]


async def test_filters_and_orders_hold(rig: Rig) -> None:
    """Accounts by state, the log by group and from the oldest on, page by page without a gap."""
    admin, _ = await rig.person("root@example.org", "admin", language="en")
    await rig.invite("bea@example.org", "caseworker", ["quito"])
    invited = (await admin.get("/console/accounts?state=invited")).text
    assert ("bea@example.org" in invited, invited.count("root@example.org")) == (True, 1)
    log = (await admin.get("/console/audit?action=account&sort=oldest")).text
    assert "Second step added" in log
    assert "Signed in" not in log.split("</form>")[-1].split("<ul", 1)[-1]
    assert log.index("Password chosen</span>") < log.index("Second step added</span>")


async def test_the_log_of_a_coordinator_is_that_of_own_places(rig: Rig) -> None:
    """What was changed elsewhere, and who signed in, is for administrators; filters cannot widen it."""
    admin, _ = await rig.person("root@example.org", "admin")
    for place in ("quito", "san-luis"):
        at = f"/console/services/svc-{place}"
        await submit(admin, f"{at}/still-correct", {}, page=at)
    eva, _ = await rig.person("eva@example.org", "coordinator", ["quito"])
    for query in ("", "?action=service", "?place=san-luis", "?who=root@example.org", "?action=service.check"):
        text = (await eva.get(f"/console/audit{query}")).text
        assert "svc-san-luis" not in text, query
        assert "root@example.org</a>" not in text or "svc-quito" in text, query
    assert "svc-quito" in (await eva.get("/console/audit")).text
    assert "svc-san-luis" in (await admin.get("/console/audit")).text


async def test_every_action_in_the_log_has_a_name(rig: Rig) -> None:
    """Whoever reads the log reads words."""
    admin, _ = await rig.person("root@example.org", "admin")
    at = "/console/services/svc-quito"
    await submit(admin, f"{at}/edit/contact", {"name": "Casa Uno"})
    await admin.get("/console/exports/csv")
    await submit(admin, "/console/sign-out", {}, page="/console/me")
    assert {action for _, action, *_ in await rows(rig)} <= set(ACTIONS)
