"""The way to a database on another machine: by TLS with a checked certificate, or the start refuses in plain words."""

from __future__ import annotations

import select
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.database_address import complaint_of, has_lasting_password
from bot.settings import Settings, WrongSettingsError, read_settings
from referrals.database import Sessions, connect
from tests.certificates import Authority, Signed
from tests.postgres import new_database

REMOTE = "postgresql+psycopg://orienta:hunter2@db.example.org/directory"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*(f"ORIENTA_{field.upper()}" for field in Settings.model_fields), "PGHOST", "PGHOSTADDR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("PGSSLMODE", raising=False)
    monkeypatch.delenv("PGSERVICE", raising=False)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:////var/lib/orienta/directory.sqlite3",
        "postgresql+psycopg://orienta@/directory",
        "postgresql+psycopg://orienta@/directory?host=/run/postgresql",
        "postgresql+psycopg://orienta@/directory?host=@orienta",
        "postgresql+psycopg://orienta@localhost:5433/directory",
        "postgresql+psycopg://orienta@127.0.0.1/directory",
        "postgresql+psycopg://orienta@[::1]:5432/directory",
        f"{REMOTE}?sslmode=verify-full",
        f"{REMOTE}?sslmode=verify-full&sslrootcert=system",
    ],
)
def test_files_sockets_this_machine_and_checked_tls_are_taken(url: str) -> None:
    """
    What never leaves the machine needs no TLS; what does has it, and the certificate is checked.
    """
    assert complaint_of(url, ()) is None


@pytest.mark.parametrize(
    "url",
    [
        REMOTE,
        *(f"{REMOTE}?sslmode={mode}" for mode in ("disable", "allow", "prefer", "require", "verify-ca")),
        "postgresql+psycopg://orienta@10.0.0.5/directory",
        "postgresql+psycopg://orienta@[2001:db8::5]/directory",
        "postgresql+psycopg://orienta@/directory?host=db.example.org",
        "postgresql+psycopg://orienta@/directory?host=localhost:5432&host=db.example.org:5432",
        "postgresql+psycopg://orienta@/directory?host=localhost,db.example.org",
        "postgresql+psycopg://orienta@localhost/directory?hostaddr=10.0.0.5",
        "postgresql+psycopg://orienta@/directory?service=directory",
        "postgresql+psycopg://orienta@localhost.example.org/directory",
    ],
)
def test_another_machine_without_checked_tls_is_refused(url: str) -> None:
    """
    Each way to name a host is seen, and every weaker mode is too weak: all but one can be turned aside unnoticed.
    """
    assert "sslmode=verify-full" in str(complaint_of(url, ()))


def test_what_the_driver_reads_from_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    An address without a host goes where PGHOST says; PGSSLMODE may ask for the check.
    """
    monkeypatch.setenv("PGHOST", "db.example.org")
    url = "postgresql+psycopg://orienta@/directory"
    assert "db.example.org" in str(complaint_of(url, ()))
    assert complaint_of("postgresql+psycopg://orienta@localhost/directory", ()) is None
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert complaint_of(url, ()) is None
    assert complaint_of(f"{url}?sslmode=prefer", ())


@given(st.text(max_size=60))
def test_whatever_stands_in_an_address_is_answered(rest: str) -> None:
    """
    Nothing raises.
    """
    said = complaint_of(f"postgresql+psycopg://{rest}", ())
    assert said is None or said


def test_the_start_refuses_in_a_sentence_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Both addresses are told at once, by the name of their setting; the password is not repeated. A host whose network
    is private can be named.
    """
    monkeypatch.setenv("ORIENTA_DATABASE_URL", REMOTE)
    monkeypatch.setenv("ORIENTA_DEMAND_DATABASE_URL", REMOTE.replace("directory", "demand"))
    with pytest.raises(WrongSettingsError) as told:
        read_settings()
    lines = str(told.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["ORIENTA_DATABASE_URL", "ORIENTA_DEMAND_DATABASE_URL"]
    for part in (
        "db.example.org is another machine",
        "sslmode=verify-full",
        "ORIENTA_DATABASE_TRUSTED_HOSTS",
    ):
        assert all(part in line for line in lines)
    assert "hunter2" not in str(told.value)
    monkeypatch.setenv("ORIENTA_DATABASE_TRUSTED_HOSTS", "other.example.org, DB.example.org")
    assert read_settings().database_url == REMOTE


def test_a_root_certificate_that_is_not_there_is_told(tmp_path: Path) -> None:
    """
    Before the first connection, by the path that was named.
    """
    url = f"{REMOTE}?sslmode=verify-full&sslrootcert={tmp_path}/root.pem"
    assert "there is no such file" in str(complaint_of(url, ()))
    Authority(tmp_path, "root")
    assert complaint_of(url, ()) is None


@contextmanager
def _behind_tls(server: str, signed: Signed, clients: Path | None = None) -> Iterator[int]:
    """A port that speaks TLS as PostgreSQL does, and passes on to the socket of a real server; of `clients`, those alone
    who have a certificate of that authority."""
    path = f"{parse_qs(urlsplit(server).query)['host'][0]}/.s.PGSQL.{urlsplit(server).port or 5432}"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(signed.certificate, signed.key)
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients)

    def serve() -> None:
        outside, _ = listening.accept()
        with outside, socket.socket(socket.AF_UNIX) as inside:
            assert outside.recv(8) == bytes.fromhex("0000000804d2162f")  # asks for TLS
            outside.sendall(b"S")
            # A client that does not trust us leaves in the middle of this.
            with suppress(OSError), context.wrap_socket(outside, server_side=True) as tls:
                inside.connect(path)
                while _passed(tls, inside):
                    pass

    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as thread:
        served = thread.submit(serve)
        yield listening.getsockname()[1]
        served.result(10)


def _passed(tls: ssl.SSLSocket, inside: socket.socket) -> bool:
    """Pass on what has come, either way; False when one of them has left."""
    ready = [tls] if tls.pending() else select.select([tls, inside], [], [])[0]
    for one, other in ((tls, inside), (inside, tls)):
        if one in ready:
            data = one.recv(65536)
            if not data:
                return False
            other.sendall(data)
    return True


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("host", "ours", "refused"),
    [
        ("localhost", True, ""),
        ("localhost", False, "certificate verify failed"),
        ("db.example.org", True, "does not match host name"),
    ],
)
async def test_a_database_with_a_false_certificate_is_not_spoken_to(
    postgres: str, tmp_path: Path, host: str, ours: bool, refused: str
) -> None:
    """
    Over real TLS to a real PostgreSQL: who is signed by the named authority for the name asked for is believed, and
    nobody else.
    """
    authority, other = Authority(tmp_path), Authority(tmp_path, "other")
    signed = (authority if ours else other).signed(host)
    database = urlsplit(new_database(postgres)).path
    with _behind_tls(postgres, signed) as port:
        url = f"postgresql+psycopg://postgres@localhost:{port}{database}?sslmode=verify-full&sslrootcert={quote(str(authority.root))}"
        assert complaint_of(url, ()) is None
        sessions = Sessions(connect(url))
        expected = pytest.raises(OperationalError, match=refused) if refused else nullcontext()
        with expected:
            async with sessions.reading() as session:
                assert (await session.execute(text("SELECT 1"))).scalar_one() == 1
        await sessions.close()


@pytest.mark.postgres
@pytest.mark.parametrize("whose", ["ours", "of another authority", "none"])
async def test_a_certificate_of_ours_signs_in_where_one_is_asked_for(
    postgres: str, tmp_path: Path, whose: str
) -> None:
    """
    `sslcert` and `sslkey` in the address prove who we are, without any password: over real TLS, to who lets nobody else
    through to a real PostgreSQL.
    """
    authority, other = Authority(tmp_path), Authority(tmp_path, "other")
    server, me = (
        authority.signed("localhost"),
        (other if whose.startswith("of") else authority).signed("orienta"),
    )
    mine = "" if whose == "none" else f"&sslcert={quote(str(me.certificate))}&sslkey={quote(str(me.key))}"
    database = urlsplit(new_database(postgres)).path
    with _behind_tls(postgres, server, authority.root) as port:
        root = quote(str(authority.root))
        url = f"postgresql+psycopg://postgres@localhost:{port}{database}?sslmode=verify-full&sslrootcert={root}{mine}"
        assert complaint_of(url, ()) is None
        assert not has_lasting_password(url)
        sessions = Sessions(connect(url))
        with nullcontext() if whose == "ours" else pytest.raises(OperationalError):
            async with sessions.reading() as session:
                assert (await session.execute(text("SELECT 1"))).scalar_one() == 1
        await sessions.close()
