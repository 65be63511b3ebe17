"""A form that was typed for an hour is not lost when the session ends: who signs in again sends it as it is."""

from __future__ import annotations

import re
from html import unescape

import pyotp
import pytest

from console import records
from content.wording import wording
from tests.console.rig import PASSWORD, Rig, fields_of, submit

AT = "/console/services/svc-quito/edit/contact"


@pytest.mark.parametrize("language", ["es", "pt", "en"])
async def test_a_form_outlives_its_session(rig: Rig, language: str) -> None:
    """401 keeps it while one signs in beside it; the first sending meets an old token, its answer's button saves."""
    client, secret = await rig.person("ana@example.org", "caseworker", ["quito"], language)
    typed = {
        **fields_of((await client.get(AT)).text),
        "name": 'Casa "Larga"',
        "phones": "171\n+593 2 299 3200",
    }
    rig.clock.move(minutes=45)
    over = await client.post(AT, data=typed)
    assert over.status_code == 401
    assert wording(language)("Your session has ended") in over.text
    await submit(client, "/console/sign-in", {"email": "ana@example.org", "password": PASSWORD})
    await submit(client, "/console/second-factor", {"code": pyotp.TOTP(secret).at(rig.clock())})
    stale = await client.post(AT, data=kept_on(over.text))
    assert stale.status_code == 403
    assert (await client.post(AT, data=kept_on(stale.text))).status_code == 303
    async with rig.sessions.reading() as reading:
        now = await records.one(reading, "svc-quito", {"quito"})
    assert now is not None
    assert (now.name, now.phones) == ('Casa "Larga"', ("171", "+593 2 299 3200"))


def kept_on(text: str) -> dict[str, str]:
    """The hidden fields of the page that keeps a form."""
    form = next(one for one in re.findall(r"<form.*?</form>", text, re.S) if f'action="{AT}"' in one)
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {name: unescape(value) for name, value in found}


async def test_what_came_from_elsewhere_or_is_secret_is_kept_nowhere(rig: Rig) -> None:
    """No page repeats what another site sent, nor a password."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    evil = await client.post(AT, data={"name": "Ajena"}, headers={"sec-fetch-site": "cross-site"})
    assert (evil.status_code, "Ajena" in evil.text) == (403, False)
    old = await client.post("/console/me/password", data={"old": PASSWORD, "password": "s3cret"})
    assert (old.status_code, PASSWORD in old.text, "s3cret" in old.text) == (403, False, False)
    nobody = rig.browser()
    large = await nobody.post(AT, data={"name": "x" * 1_000_001})
    assert "/sign-in" in large.headers["location"]
    evil = await nobody.post(AT, data={"name": "Ajena"}, headers={"sec-fetch-site": "cross-site"})
    assert (evil.status_code, "Ajena" in evil.text) == (403, False)
