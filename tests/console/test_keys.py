"""Keys, tokens and codes: strong, apart from each other, and of no use when changed; requests with one meaning only."""

from __future__ import annotations

import asyncio
import math
from urllib.parse import urlsplit

from argon2 import extract_parameters
from argon2.low_level import Type

from console import keys, records
from console.keys import Keys, new_token, token_digest
from console.passwords import Passwords
from tests.console.rig import Rig, fields_of, submit
from tests.serving import serving


def test_each_use_has_a_key_of_its_own_and_nothing_changed_is_believed() -> None:
    """A digest for one use fits no other; an encrypted text that was changed, or of another key, is nothing."""
    ours = Keys(b"k" * 32)
    assert ours.digest("form", "x") != ours.digest("recovery", "x")
    assert ours.same("form", "x", ours.digest("form", "x"))
    hidden = ours.cipher.hide("secret")
    assert ("secret" not in hidden, ours.cipher.show(hidden)) == (True, "secret")
    for at in range(len(hidden)):
        changed = hidden[:at] + ("A" if hidden[at] != "A" else "B") + hidden[at + 1 :]
        assert ours.cipher.show(changed) in (None, "secret")
    assert ours.cipher.show(hidden[:-4] + "AAAA") is None
    assert Keys(b"j" * 32).cipher.show(hidden) is None


def test_tokens_and_codes_cannot_be_tried_out() -> None:
    """256 bits in a token, 128 and more in a recovery code and in a second factor; no two alike."""
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert min(map(len, tokens)) >= 43
    assert all(token_digest(token) != token for token in tokens)
    assert keys.PARTS * keys.LETTERS * math.log2(len(keys.ALPHABET)) >= 128
    assert len({keys.new_code() for _ in range(1000)}) == 1000
    import pyotp

    assert len(pyotp.random_base32()) * 5 >= 128


async def test_passwords_are_hashed_with_argon2id_and_hashed_anew_when_settings_grow() -> None:
    """46 MiB and two passes, as is advised today; a weaker hash is noticed."""
    stored = await Passwords().hash("mesa verde sol ayer")
    settings = extract_parameters(stored)
    assert settings.type is Type.ID
    assert (settings.memory_cost >= 47_104, settings.time_cost >= 2) == (True, True)
    assert await Passwords().fits(stored, "mesa verde sol ayer")
    assert Passwords().outdated(stored.replace("t=2", "t=1"))


async def test_a_request_has_one_end(rig: Rig) -> None:
    """Where two lengths are given, none can hide a second request behind the first."""
    async with serving(rig.app) as address:
        inside = b"GET /console/static/console.css HTTP/1.1\r\nHost: x\r\n\r\n"
        chunk = f"{len(inside):x}\r\n".encode() + inside + b"\r\n0\r\n\r\n"
        head = b"POST /console/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(address).port)
        writer.write(head + chunk)
        await writer.drain()
        heard = await asyncio.wait_for(reader.read(65536), 5)
        writer.close()
    assert heard.count(b"HTTP/1.1 ") == 1
    assert b"--ground" not in heard


async def test_a_body_without_a_length_or_too_large_is_not_read(rig: Rig) -> None:
    """30 MB at most, and said beforehand."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])

    async def endless() -> object:
        yield b"x" * 1000

    at = "/console/imports"
    assert (await client.post(at, content=endless())).status_code == 413
    declared = {"content-length": "30000001"}
    assert (await client.post(at, content=b"", headers=declared)).status_code == 413


async def test_a_field_in_the_address_is_no_field_of_the_form(rig: Rig) -> None:
    """What is asked for in an address cannot stand for what a form leaves empty."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    at = "/console/services/svc-quito/edit/contact"
    form = fields_of((await client.get(at)).text)
    answer = await client.post(at, params={"name": "Casa Ajena"}, data={**form, "name": ""})
    assert answer.status_code == 422
    async with rig.sessions.reading() as reading:
        now = await records.one(reading, "svc-quito", {"quito"})
    assert now is not None
    assert now.name == "Casa svc-quito"
    assert (await submit(client, at, {"name": "Casa Propia"})).status_code == 303
