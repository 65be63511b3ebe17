"""A real browser, in Spanish and Portuguese, on a telephone and a desk: the minute of a caseworker, the month of a
coordinator, and no page with a fault that axe can find."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import insert
from starlette.routing import Route

from console import accounts
from console.app import all_routes
from console.migrations import upgrade
from content.loading import load_library
from content.wording import wording
from demand.commands import demo, opened
from demand.database import writing
from demand.tables import sent_sentence
from referrals.database import Sessions, connect
from referrals.migrations import upgrade as upgrade_directory
from tests.console.rig import PASSWORD, code_on
from tests.console.served import apart, serving
from tests.console.test_imports import MISTAKES, row, table
from tests.console.test_policies import path_of

CHROMIUM = "/usr/bin/chromium"
PHONE, DESK = (360, 740), (1280, 900)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A served console with a simulated quarter, and its database."""
    folder = tmp_path_factory.mktemp("console")
    url, demand = (f"sqlite+aiosqlite:///{folder}/{name}.sqlite3" for name in ("directory", "demand"))
    upgrade_directory(url)
    upgrade(url)
    demo(demand, load_library(), date(2026, 11, 28), io.StringIO())
    with opened(demand) as engine, writing(engine) as connection:
        waiting = {"number": 111111, "text": "quiero devolver la caja de [...]", "language": "es"}
        connection.execute(insert(sent_sentence), {**waiting, "day": datetime.now(UTC).date()})
    with serving(url, demand) as address:
        yield address, url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


def invitation(url: str, email: str, role: str, places: tuple[str, ...]) -> str:
    """The code of an invitation, made as the command makes it."""

    async def make() -> str:
        sessions = Sessions(connect(url))
        async with sessions.writing() as session:
            now = int(time.time())
            number = await accounts.add(session, email, role, places, "es", now)
            code = await accounts.invite(session, number, now)
        await sessions.close()
        return code

    return apart(make)


def entered(
    browser: Browser,
    house: tuple[str, str],
    who: str,
    role: str,
    language: str,
    size: tuple[int, int],
    places: tuple[str, ...] = ("quito", "sao-paulo"),
) -> Page:
    """Somebody who has just used the code of an invitation and added the second factor."""
    address, url = house
    email = f"{who}-{language}-{size[0]}-{time.monotonic_ns()}@example.org"
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale={"es": "es-EC", "pt": "pt-BR"}[language]
    )
    page = context.new_page()
    outside: list[str] = []
    page.on("request", lambda one: outside.append(one.url) if not one.url.startswith(address[:20]) else None)
    code = invitation(url, email, role, places)
    page.goto(f"{address}/invitation")
    no_fault(page, "invitation-code")
    page.locator("#code").fill(code)
    page.locator("main button").click()
    no_fault(page, "invitation")
    assert code not in page.url
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.locator("main button").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    no_fault(page, "second-factor")
    fresh_half_minute(5)
    page.locator("#code").fill(pyotp.TOTP(secret).now())
    page.locator("main button").click()
    page.wait_for_url("**/me/recovery-codes")
    assert not outside
    return page


def fresh_half_minute(seconds: float) -> None:
    """Do as people do whose code is about to change: wait for the next one."""
    if (left := 30 - time.time() % 30) < seconds:
        time.sleep(left)


def no_fault(page: Page, name: str) -> None:
    """Axe finds nothing, nothing is wider than the screen, and a picture is kept where one is asked for."""
    if folder := os.environ.get("CONSOLE_PICTURES"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(
            path=f"{folder}/{name}-{width}-{page.locator('html').get_attribute('lang')}.png", full_page=True
        )
    found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}})
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        page.url
    )


@pytest.mark.parametrize("language", ["es", "pt"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_new_caseworker_corrects_hours_within_a_minute_and_undoes_it(
    browser: Browser, house: tuple[str, str], language: str, size: tuple[int, int]
) -> None:
    """From the first page to the saved hours, with the words of the language; then one tap takes it back."""
    page, w = entered(browser, house, "ana", "caseworker", language, size), wording(language)
    begun = time.monotonic()
    page.goto(f"{house[0]}/")
    page.locator("#q").fill("svc-quito")
    page.get_by_role("button", name=w("Find"), exact=True).click()
    page.get_by_role("link", name="Casa svc-quito").click()
    page.get_by_role("link", name=w("Change the hours"), exact=True).click()
    page.locator("#d0_from1").fill("9")
    page.locator("#d0_to1").fill("13:30")
    page.locator("#d0_from2").fill("14:30")
    page.locator("input[name=same]").check()
    page.get_by_role("button", name=w("Look first")).click()
    expect(page.get_by_text("13:30").first).to_be_visible()
    page.get_by_role("button", name=w("Save"), exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(w("Saved. People see it from now on."))
    assert time.monotonic() - begun < 60
    expect(page.locator("dl.facts").first).to_contain_text("14:30")
    page.get_by_role("button", name=w("Undo"), exact=True).click()
    expect(page.locator("dl.facts").first).not_to_contain_text("14:30")
    page.context.close()


def test_the_way_of_a_caseworker_needs_no_mouse(browser: Browser, house: tuple[str, str]) -> None:
    """The first tab leads to the content; a form is sent with the keyboard."""
    page = entered(browser, house, "bea", "caseworker", "es", DESK)
    page.goto(f"{house[0]}/services")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.locator("#q").focus()
    page.keyboard.type("svc-quito")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=svc-quito**")
    expect(page.get_by_role("link", name="Casa svc-quito")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("language", ["es", "pt"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_spreadsheet_with_ten_kinds_of_mistake_is_told_and_a_good_one_is_written_and_undone(
    browser: Browser, house: tuple[str, str], tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    """Each mistake with its row and its column, in the reader's words; then a dry run, the change, and its undo."""
    page, w = entered(browser, house, "luz", "caseworker", language, size), wording(language)
    codes = {"place", "needs"}
    groups = ([m for m in MISTAKES if m[0] not in codes], [m for m in MISTAKES if m[0] in codes])
    assert sum(map(len, groups)) >= 10
    for group in groups:
        chosen(
            page, house, tmp_path, table(*(row(f"nuevo-{n}", **cells) for n, (_, cells) in enumerate(group)))
        )
        for number, (column, _) in enumerate(group, 2):
            told = page.locator("tbody tr", has=page.get_by_role("cell", name=str(number), exact=True))
            expect(told.filter(has=page.get_by_role("cell", name=column, exact=True))).to_have_count(1)
        sideways = page.locator(".scroll").evaluate("one => one.scrollWidth > one.clientWidth")
        assert not sideways, "a mistake is read without moving the page sideways"
        no_fault(page, f"import-mistakes-{len(group)}")
    chosen(page, house, tmp_path, table(row("svc-quito", name="Casa Importada")))
    expect(page.get_by_text("Casa Importada").first).to_be_visible()
    no_fault(page, "import-plan")
    page.get_by_role("button", name=w("Write these changes"), exact=True).click()
    expect(page.get_by_role("status")).to_be_visible()
    no_fault(page, "import-done")
    page.goto(f"{house[0]}/services/svc-quito/history")
    page.get_by_role("button", name=w("Undo this change"), exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Casa svc-quito")
    page.context.close()


def chosen(page: Page, house: tuple[str, str], folder: Path, content: bytes) -> None:
    """Choose a file and look at it, until the dry run is there."""
    (folder / "casas.csv").write_bytes(content)
    page.goto(f"{house[0]}/imports")
    page.locator("#file").set_input_files(folder / "casas.csv")
    page.locator("form[enctype] button").click()
    page.wait_for_url("**/imports/*")
    expect(page.locator("main .note.bad, main .lead").first).to_be_visible(timeout=20_000)


@pytest.mark.parametrize("language", ["es", "pt"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_coordinator_reads_the_month_and_downloads_it(
    browser: Browser, house: tuple[str, str], language: str, size: tuple[int, int]
) -> None:
    """From the first page by the menu to the report of a place, which is taken away as a workbook."""
    page, w = entered(browser, house, "eva", "coordinator", language, size), wording(language)
    page.goto(f"{house[0]}/")
    page.get_by_role("link", name=w("Figures"), exact=True).click()
    page.locator("#place").select_option("quito")
    page.locator("form.filters button").click()
    page.wait_for_url("**place=quito**")
    expect(page.locator("main table").first).to_be_visible()
    no_fault(page, "reports")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="XLSX", exact=True).click()
    assert waiting.value.suggested_filename.startswith("orienta-quito-")
    with zipfile.ZipFile(waiting.value.path()) as workbook:
        assert "xl/workbook.xml" in workbook.namelist()
    page.context.close()


# Every page by the route table, and pages that look otherwise by what is asked of them.
FILES = {
    "/comparison/download",
    "/exports/{form_id}",
    "/reports/download/{form_id}",
    "/second-factor/picture.png",
    "/work/{job_id}/file",
}
ALSO = (
    "/services?q=nada", "/services?place=quito&state=due", "/services/svc-quito/edit/contact",
    "/services/svc-quito/edit/people", "/services/svc-quito/edit/papers", "/services/svc-quito/edit/about",
    "/services/svc-quito/history?field=name", "/accounts/1", "/accounts?state=disabled", "/audit?action=account",
    "/sessions?q=nada", "/review?sort=unchecked", "/coverage/quito", "/coverage?sort=-fresh&need=quito",
    "/nothing-here",
)  # fmt: skip


def pages() -> tuple[str, ...]:
    """The address of each page that somebody who is signed in can look at."""
    found = [
        path_of(route, "quito", 1).removeprefix("/console")
        for route in all_routes()
        if isinstance(route, Route) and "GET" in (route.methods or ()) and route.path not in FILES
    ]
    return tuple(dict.fromkeys((*found, *ALSO)))


@pytest.mark.parametrize("language", ["es", "pt"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_has_a_fault_that_axe_can_find(
    browser: Browser, house: tuple[str, str], language: str, size: tuple[int, int]
) -> None:
    """Every page as an administrator, who sees them all, and those with errors or questions on them."""
    page, w = entered(browser, house, "root", "admin", language, size), wording(language)
    no_fault(page, "recovery-codes")
    page.locator("main form button").click()
    no_fault(page, "recovery-codes-made")
    for path in pages():
        page.goto(house[0] + path)
        no_fault(page, path.strip("/").replace("/", "-").replace("?", "-") or "home")
    page.goto(f"{house[0]}/me")
    page.get_by_role("button", name=wording(language)("Link my Telegram chat"), exact=True).click()
    expect(page.locator(".secret")).to_contain_text("/vincular ")
    no_fault(page, "chat-code")
    page.goto(f"{house[0]}/services/svc-quito/edit/hours")
    page.locator("#d0_from1").fill("99")
    page.get_by_role("button", name=w("Save"), exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    no_fault(page, "hours-error")
    page.context.clear_cookies()
    page.goto(f"{house[0]}/sign-in")
    no_fault(page, "sign-in")
    page.locator("#email").fill("nobody@example.org")
    page.locator("#password").fill("nada")
    page.locator("main button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    no_fault(page, "sign-in-error")
    page.context.close()


@pytest.mark.parametrize(("language", "size"), [("es", PHONE), ("pt", DESK)], ids=["es-phone", "pt-desk"])
def test_an_empty_place_says_what_to_do_next(
    browser: Browser, house: tuple[str, str], language: str, size: tuple[int, int]
) -> None:
    """Where nothing is yet, each page leads to the first service or to a spreadsheet."""
    page = entered(browser, house, "new", "caseworker", language, size, ("boa-vista",))
    for path in ("/", "/services", "/review"):
        page.goto(house[0] + path)
        expect(page.locator('main a[href$="/add"]').first).to_be_visible()
        expect(page.locator('main a[href$="/imports"]').first).to_be_visible()
        no_fault(page, f"empty{path.replace('/', '-')}")
    page.context.close()


@pytest.mark.parametrize(("language", "size"), [("es", PHONE), ("pt", DESK)], ids=["es-phone", "pt-desk"])
def test_an_invitation_is_pasted_and_its_code_stands_in_no_address(
    browser: Browser, house: tuple[str, str], language: str, size: tuple[int, int]
) -> None:
    """From the administrator's page to the second step, mistyped first, in a browser that runs no script at all."""
    admin, w = entered(browser, house, "boss", "admin", language, size), wording(language)
    admin.goto(f"{house[0]}/accounts")
    email = f"eva-{time.monotonic_ns()}@example.org"
    admin.locator("#email").fill(email)
    admin.locator("input[name=places][value=quito]").check()
    admin.get_by_role("button", name=w("Make the invitation"), exact=True).click()
    message = admin.get_by_role("status").inner_text()
    no_fault(admin, "invitation-made")
    code, wrong = code_on(message), code_on(message)[:-1] + "-"
    admin.context.close()

    context = browser.new_context(java_script_enabled=False, locale={"es": "es-EC", "pt": "pt-BR"}[language])
    page, asked = context.new_page(), list[str]()
    page.on("request", lambda one: asked.append(f"{one.url} {one.headers}"))
    page.goto(f"{house[0]}/invitation")
    for typed in (wrong, message):
        page.locator("#code").fill(typed)
        page.locator("main button").click()
    expect(page.locator("main")).to_contain_text(email)
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url("**/second-factor")
    assert len(asked) > 4
    assert not any(code in one for one in asked)
    context.close()


def test_a_mistyped_invitation_has_no_fault_that_axe_can_find(
    browser: Browser, house: tuple[str, str]
) -> None:
    """The page says at the field what is wrong, and keeps what was typed."""
    page = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="pt-BR").new_page()
    page.goto(f"{house[0]}/invitation")
    page.locator("#code").fill("abc")
    page.locator("main button").click()
    expect(page.locator("#code-error")).to_be_visible()
    expect(page.locator("#code")).to_have_value("abc")
    no_fault(page, "invitation-error")
    page.context.close()
