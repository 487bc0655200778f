"""What a person sees, in a real browser. Screenshots are kept in .artifacts/screenshots."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager

import pytest
from balancer import Balancer, pair_of_servers
from conftest import PROJECT, Server
from playwright.sync_api import Page, expect, sync_playwright

from web_app import assets

SCREENSHOTS = PROJECT / ".artifacts" / "screenshots"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = pytest.mark.skipif(
    not CHROMIUM and not os.environ.get("CI"), reason="no Chromium here: apt-get install chromium"
)

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]
EXPECT_MILLISECONDS = 120_000
expect.set_options(timeout=EXPECT_MILLISECONDS)
PHONE = {"width": 375, "height": 740}
DESKTOP = {"width": 1440, "height": 900}
#: Comes with the project's other tools: `npm ci`.
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def browser():
    assert CHROMIUM, "CI has to have a browser: .ci/run installs one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("server"), LOAD_CHANGES_PER_MINUTE="1000") as server:
        yield server


@contextmanager
def watched(browser, url, scheme="light", size=PHONE, **options):
    """A page; whatever its console says is an error of ours."""
    context = browser.new_context(viewport=size, color_scheme=scheme, base_url=url, **options)
    page = context.new_page()
    page.set_default_timeout(EXPECT_MILLISECONDS)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.scheme, page.said, page.size = scheme, said, size
    yield page
    context.close()
    assert said == []


@pytest.fixture(params=["light", "dark"])
def page(browser, server, request):
    with watched(browser, server.url, request.param) as page:
        yield page


@pytest.fixture(params=[("light", DESKTOP), ("dark", DESKTOP)], ids=["light", "dark"])
def wide(browser, server, request):
    with watched(browser, server.url, *request.param) as page:
        yield page


def keep(page: Page, name: str) -> None:
    """A picture; nothing to scroll sideways; and axe-core, which knows the rules of accessibility, finds nothing."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{page.size['width']}-{page.scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.size["width"]
    if AXE.exists():
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run()")
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []


@pytest.mark.skipif(not AXE.exists() and not os.environ.get("CI"), reason="no axe-core here: npm ci")
def test_axe_core_finds_what_is_wrong(page):
    """It has looked at every picture below."""
    log_in(page, "1")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate(AXE.read_text())
    assert "html-has-lang" in [each["id"] for each in page.evaluate("axe.run()")["violations"]]


def log_in(page: Page, employee_id: str) -> None:
    page.goto("/")
    page.get_by_label("Employee id").fill(employee_id)
    page.get_by_role("button", name="Log in").click()
    if 1 <= int(employee_id) <= 20:
        expect(page.get_by_role("heading", name=f"Employee 0{int(employee_id):02}")).to_be_visible()


def cpu(page: Page):
    return page.locator("[data-part=cpu]")


START, STOP = "Start load", "Stop load"


def usable(page: Page, name: str):
    """A button is disabled by aria-disabled, so that the keyboard's focus stays."""
    return expect(page.get_by_role("button", name=name))


def test_log_in_put_load_on_the_server_see_it_take_it_away_and_log_out(page):
    page.goto("/")
    keep(page, "login")
    log_in(page, "1")
    expect(page.get_by_text("not on EC2")).to_be_visible()
    expect(page.get_by_text(re.compile("^updated [0-9] s ago$"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Last five minutes: \d+ to \d+ %, on average \d+ %$"))).to_be_visible()
    keep(page, "dashboard")

    page.get_by_role("button", name=START).click()
    expect(page.get_by_text(re.compile("ends by itself in 1[45]:[0-9]{2}$"))).to_be_visible()
    usable(page, START).to_have_attribute("aria-disabled", "true")
    usable(page, STOP).to_have_attribute("aria-disabled", "false")
    expect(cpu(page)).to_have_text(re.compile(r"^(8\d|9\d|100)\.\d$"))
    assert page.locator("meter").evaluate("meter => meter.value") >= 80
    keep(page, "load")

    page.get_by_role("button", name=STOP).click()
    expect(page.locator("[data-part=load]")).to_have_text("No load")
    usable(page, STOP).to_have_attribute("aria-disabled", "true")

    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.goto("/dashboard")
    expect(page).to_have_url(re.compile(r"/$"))


def test_the_keyboard_stays_on_a_button_and_screen_readers_hear_of_changes_only(page):
    log_in(page, "1")
    page.evaluate("""() => {
        window.heard = [];
        const live = [...document.querySelectorAll('[role=status], [role=alert], [aria-live]')];
        const note = (records) => window.heard.push(...records.map((record) => record.target.textContent));
        for (const each of live) new MutationObserver(note).observe(each, { childList: true, characterData: true, subtree: true });
    }""")
    for name, words in [(START, "Load on server"), (STOP, "No load on server")]:
        button = page.get_by_role("button", name=name)
        button.focus()
        page.keyboard.press("Enter")
        usable(page, name).to_have_attribute("aria-disabled", "true")
        expect(page.locator("#announcement")).to_contain_text(words)
        assert page.evaluate("document.activeElement.textContent") == name
        # Three answers later nothing more has been said, though the seconds have counted down.
        for _ in range(3):
            with page.expect_response("**/status"):
                pass
        assert [said for said in page.evaluate("window.heard.splice(0)") if said] == [
            page.locator("#announcement").text_content()
        ]


@pytest.mark.parametrize(("percent", "region"), [(3, "even"), (50, "even"), (79, "even"), (81, "amber"), (96, "amber")])
def test_the_meter_is_amber_above_the_mark_at_which_a_server_is_added_and_nowhere_else(page, percent, region):
    """By HTML's rule: https://html.spec.whatwg.org/multipage/form-elements.html#the-meter-element"""
    page.clock.install()
    log_in(page, "1")
    meter = page.locator("meter")
    meter.evaluate("(meter, percent) => { meter.value = percent; }", percent)
    colour = meter.evaluate("""(meter) => {
        const { high, low, optimum, value } = meter;
        return optimum <= low && value > high ? "amber" : optimum <= high && value <= high ? "even" : "other";
    }""")
    assert colour == region


def test_a_wide_screen_is_filled(wide):
    log_in(wide, "1")
    wide.get_by_role("button", name=START).click()
    expect(wide.get_by_text("ends by itself in")).to_be_visible()
    expect(cpu(wide)).to_have_text(re.compile(r"^(8\d|9\d|100)\.\d$"))
    keep(wide, "load")
    wide.get_by_role("button", name=STOP).click()
    expect(wide.locator("[data-part=load]")).to_have_text("No load")
    card = wide.locator(".server").bounding_box()
    assert card["width"] > 0.75 * DESKTOP["width"]
    wide.get_by_role("button", name="Log out").click()
    expect(wide.get_by_role("heading", name="Log in")).to_be_visible()
    keep(wide, "login")


def test_a_wrong_id_gets_the_form_again(page):
    log_in(page, "21")
    expect(page.get_by_role("alert")).to_have_text("Enter an employee id from 001 to 020.")
    keep(page, "wrong-id")
    assert [said for said in page.said if "400" not in said] == []
    page.said.clear()  # Chromium itself notes the 400
    log_in(page, "20")


def test_an_error_is_a_page(page):
    page.goto("/missing")
    expect(page.get_by_role("heading", name="There is no such page.")).to_be_visible()
    keep(page, "error")
    page.said.clear()  # Chromium itself notes the 404


def test_a_login_that_has_ended_leads_back_to_the_form(page):
    log_in(page, "1")
    page.context.clear_cookies()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert [said for said in page.said if "401" not in said] == []
    page.said.clear()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (lambda route: route.abort(), "The server cannot be reached."),
        (lambda route: route.fulfill(status=502, body="<html>"), "The server answers with an error (502)."),
        (lambda route: route.fulfill(status=503, json={"error": "In our words."}), "In our words."),
    ],
)
def test_an_unreachable_server_is_said_in_plain_words_and_what_is_old_looks_so(page, fault, words):
    log_in(page, "1")
    # A route that is set while the page still loads may come too late for it.
    page.wait_for_load_state("networkidle")
    page.route("**/status", fault)
    expect(page.locator("#problem")).to_have_text(f"{words} What you see is not up to date; trying again.")
    expect(page.get_by_text("Not up to date: this was")).to_be_visible()
    assert float(page.locator(".figure").evaluate("figure => getComputedStyle(figure).opacity")) < 0.6
    keep(page, "unreachable")
    page.unroute("**/status")
    expect(page.locator("#problem")).to_be_hidden()
    expect(page.get_by_text("updated 0 s ago")).to_be_visible()
    assert page.locator(".figure").evaluate("figure => getComputedStyle(figure).opacity") == "1"
    page.said.clear()  # the aborted requests


def test_without_scripts_the_buttons_work_all_the_same(browser, server):
    with watched(browser, server.url, java_script_enabled=False) as page:
        log_in(page, "1")
        page.get_by_role("button", name=START).click()
        expect(page.get_by_text("ends by itself in")).to_be_visible()
        page.get_by_role("button", name=STOP).click()
        expect(page.get_by_text("No load")).to_be_visible()


def test_the_script_of_another_release_leaves_the_page_as_it_works_without(browser, server):
    with watched(browser, server.url) as page:
        page.route(
            "**/static/servers.*.js", lambda route: route.fulfill(body=assets.RELOAD, content_type="text/javascript")
        )
        page.route(
            "**/static/dashboard.*.js", lambda route: route.fulfill(body=assets.RELOAD, content_type="text/javascript")
        )
        log_in(page, "1")
        with page.expect_navigation():  # after ten seconds
            pass
        expect(page.get_by_role("heading", name="Employee 001")).to_be_visible()


@pytest.fixture(scope="module")
def balancer(tmp_path_factory):
    with pair_of_servers(tmp_path_factory.mktemp("pair")) as servers, Balancer(*(one.port for one in servers)) as front:
        yield front


@pytest.fixture(params=["light", "dark"])
def pair(browser, balancer, request):
    with watched(browser, balancer.url, request.param, DESKTOP) as page:
        log_in(page, "1")
        yield page


def test_each_server_behind_the_balancer_has_its_own_card_and_its_own_buttons(pair):
    cards = {name: pair.get_by_role("region", name=f"Server i-0{name}") for name in "ab"}
    for name, card in cards.items():
        expect(card.locator("[data-part=zone]")).to_have_text(f"ap-south-1{name}")
    for name, other in ["ab", "ba"]:
        cards[name].get_by_role("button", name=START).click()
        expect(cards[name].locator("[data-part=load]")).to_contain_text("ends by itself in")
        expect(cards[other].locator("[data-part=load]")).to_have_text("No load")
        keep(pair, f"two-servers-{name}")
        cards[name].get_by_role("button", name=STOP).click()
        expect(cards[name].locator("[data-part=load]")).to_have_text("No load")
    pair.said.clear()  # Chromium itself notes the 409 of the other server


def test_a_button_whose_server_does_not_answer_any_more_says_so(pair):
    cards = {name: pair.get_by_role("region", name=f"Server i-0{name}") for name in "ab"}
    expect(cards["b"]).to_be_visible()
    pair.route("**/load/stop", lambda route: route.fulfill(status=409, json={"error": "Another server received this."}))
    cards["b"].get_by_role("button", name=START).click()
    expect(cards["b"].locator("[data-part=load]")).to_contain_text("ends by itself in")
    cards["b"].get_by_role("button", name=STOP).click()
    expect(cards["b"].get_by_role("alert")).to_contain_text("This server did not receive it")
    expect(cards["b"].locator("[data-part=load]")).to_contain_text("ends by itself in")
    pair.unroute("**/load/stop")
    cards["b"].get_by_role("button", name=STOP).click()
    expect(cards["b"].locator("[data-part=load]")).to_have_text("No load")
    expect(cards["b"].get_by_role("alert")).to_be_hidden()
    pair.said.clear()
