"""What a person sees, in a real browser. Screenshots are kept in .artifacts/screenshots."""

from __future__ import annotations

import os
import re
import shutil

import pytest
from conftest import PROJECT, Server
from playwright.sync_api import Page, expect, sync_playwright

SCREENSHOTS = PROJECT / ".artifacts" / "screenshots"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = pytest.mark.skipif(
    not CHROMIUM and not os.environ.get("CI"), reason="no Chromium here: apt-get install chromium"
)

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]
expect.set_options(timeout=120_000)
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser():
    assert CHROMIUM, "CI has to have a browser: .ci/run installs one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(params=["light", "dark"])
def page(browser, server, request):
    """A phone; whatever its console says is an error of ours."""
    context = browser.new_context(viewport=PHONE, color_scheme=request.param, base_url=server.url)
    page = context.new_page()
    page.set_default_timeout(120_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.scheme, page.said = request.param, said
    yield page
    context.close()
    assert said == []


def keep(page: Page, name: str) -> None:
    """A picture; and whoever holds a phone need not scroll sideways."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{page.scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def log_in(page: Page, employee_id: str) -> None:
    page.goto("/")
    page.get_by_label("Employee id").fill(employee_id)
    page.get_by_role("button", name="Log in").click()


def test_log_in_put_load_on_the_server_see_it_take_it_away_and_log_out(page):
    page.goto("/")
    keep(page, "login")
    log_in(page, "1")
    expect(page.get_by_role("heading", name="Employee 001")).to_be_visible()
    expect(page.get_by_text("not on EC2")).to_be_visible()
    keep(page, "dashboard")

    page.get_by_role("button", name="Start load").click()
    expect(page.get_by_text("ends by itself in")).to_be_visible()
    expect(page.get_by_role("button", name="Start load")).to_be_disabled()
    expect(page.locator("#cpu")).to_have_text(re.compile(r"^(8\d|9\d|100)\.\d$"))
    assert page.locator("#cpu-meter").evaluate("meter => meter.value") >= 80
    keep(page, "load")

    page.get_by_role("button", name="Stop load").click()
    expect(page.get_by_text("No load")).to_be_visible()
    expect(page.get_by_role("button", name="Stop load")).to_be_disabled()

    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.goto("/dashboard")
    expect(page).to_have_url(re.compile(r"/$"))


def test_a_wrong_id_gets_the_form_again(page):
    log_in(page, "21")
    expect(page.get_by_role("alert")).to_have_text("Enter an employee id from 001 to 020.")
    keep(page, "wrong-id")
    assert [said for said in page.said if "400" not in said] == []
    page.said.clear()  # Chromium itself notes the 400
    log_in(page, "20")
    expect(page.get_by_role("heading", name="Employee 020")).to_be_visible()


def test_a_login_that_has_ended_leads_back_to_the_form(page):
    log_in(page, "1")
    expect(page.get_by_role("heading", name="Employee 001")).to_be_visible()
    page.context.clear_cookies()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert [said for said in page.said if "401" not in said and "answered 401" not in said] == []
    page.said.clear()


def test_an_unreachable_server_is_said_on_the_page(page, server):
    log_in(page, "1")
    # A route that is set while the page still loads may come too late for it.
    expect(page.get_by_role("heading", name="Employee 001")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.route("**/cpu", lambda route: route.abort())
    expect(page.get_by_role("alert")).to_contain_text("Not up to date")
    page.unroute("**/cpu")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.said.clear()  # the aborted requests


def test_without_scripts_the_buttons_work_all_the_same(browser, server):
    context = browser.new_context(java_script_enabled=False, base_url=server.url)
    page = context.new_page()
    log_in(page, "1")
    page.get_by_role("button", name="Start load").click()
    expect(page.get_by_text("ends by itself in")).to_be_visible()
    page.get_by_role("button", name="Stop load").click()
    expect(page.get_by_text("No load")).to_be_visible()
    context.close()
