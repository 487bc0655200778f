/** What a person sees of the playground, in a real browser. Screenshots are kept in .artifacts/screenshots. */
import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type Page, type Request } from "playwright-core";
import { PROJECT } from "../../src/machine/project";
import { startConsole, type Console } from "../../src/playground/console/server";
import type { Action, Snapshot } from "../../src/playground/snapshot";
import { crowdAt, END, EVENTS, nothingAt, storyAt, wish } from "./story";

const SCREENSHOTS = join(PROJECT, ".artifacts", "screenshots");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const CHROMIUM = ["chromium", "chromium-browser", "google-chrome"].flatMap(onPath)[0];
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
QUIET.push("--disable-component-update", "--disable-sync");
const PATIENCE = 60_000;

const SIZES = { phone: { width: 375, height: 740 }, desktop: { width: 1280, height: 860 } };
const LOOKS = (["light", "dark"] as const).flatMap((scheme) =>
  (["phone", "desktop"] as const).map((size) => ({ scheme, size, name: `${size}-${scheme}` })),
);
type Look = (typeof LOOKS)[number];
const DESKTOP: Look = { scheme: "light", size: "desktop", name: "desktop-light" };

const STATES: Record<string, () => Snapshot> = {
  crowd: () => crowdAt(320),
  quiet: () => storyAt(300),
  scaling: () => storyAt(1345, { perSecond: 135 }),
  draining: () => storyAt(2190),
  "zone-lost": () => storyAt(1700, { lostZones: ["ap-south-1a"], natLost: true }),
  nothing: () => nothingAt(1690),
};

/** What is wider than the box that it is in, and the list of events if it does not scroll in its own. */
const STICKING_OUT = `[...document.querySelectorAll("button, h3, h4, .pill, .row, .figures, svg, .scroll")].filter((inner) => {
  const [a, b] = [inner.getBoundingClientRect(), inner.parentElement.getBoundingClientRect()];
  return a.right > b.right + 0.5 || inner.matches(".scroll") && a.height > 1000;
}).map(({ outerHTML }) => outerHTML)`;

const withBrowser = CHROMIUM !== undefined || process.env["CI"] ? describe : describe.skip;

withBrowser(CHROMIUM ? "the console" : "the console (no Chromium here: apt-get install chromium)", () => {
  let browser: Browser;
  let started: Console;
  let feed: () => Snapshot;
  let wishes: Parameters<typeof wish>[0] = {};
  const acted: Action[] = [];
  let pages: Page[] = [];
  let said: string[] = [];

  beforeAll(async () => {
    if (CHROMIUM === undefined) throw new Error("CI has to have a browser: .ci/run installs one");
    mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
    started = await start();
  });
  afterAll(async () => {
    await browser.close();
    await started.close();
  });
  beforeEach(() => {
    wishes = {};
    acted.splice(0);
    said = [];
    feed = () => storyAt(300, wishes);
  });
  afterEach(async () => {
    await Promise.all(pages.map((page) => page.context().close()));
    pages = [];
    expect(said).toEqual([]);
  });

  const start = (port?: number) =>
    startConsole({
      snapshot: () => feed(),
      act: (action) => {
        acted.push(action);
        const [next, happened] = wish(wishes, action);
        wishes = next;
        return Promise.resolve(happened);
      },
      ...(port === undefined ? {} : { port }),
    });

  /** Whatever the browser's console says is an error of ours. */
  async function open(look: Look = DESKTOP, reducedMotion: "reduce" | null = null): Promise<Page> {
    const context = await browser.newContext({ viewport: SIZES[look.size], colorScheme: look.scheme, reducedMotion });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    pages.push(page);
    await page.goto(started.address);
    await shown(page);
    return page;
  }

  /** Waits until the page shows what the feed has now, down to the clock. */
  async function shown(page: Page): Promise<void> {
    await page.locator("#clock", { hasText: feed().time.slice(11, 19) }).waitFor();
  }

  async function at(now: number, page: Page): Promise<void> {
    feed = () => storyAt(now, wishes);
    await shown(page);
  }

  const texts = (page: Page, selector: string) => page.locator(selector).allInnerTexts();
  const focused = (page: Page) =>
    page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent");

  test.each(LOOKS)("$name: nobody is left out, whatever there is to see", async (look) => {
    feed = () => crowdAt(300);
    const page = await open(look);
    for (const [name, snapshot] of Object.entries(STATES)) {
      feed = snapshot;
      await shown(page);
      await page.screenshot({ path: join(SCREENSHOTS, `console-${name}-${look.name}.png`), fullPage: true });
      expect([name, await complaints(page)]).toEqual([name, []]);
      // Whoever holds a phone need not scroll sideways.
      expect([name, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([
        name,
        SIZES[look.size].width,
      ]);
      expect([name, await page.evaluate(STICKING_OUT)]).toEqual([name, []]);
    }
  });

  test("the document's story: one server, two, one; nothing moves while it is told", async () => {
    const page = await open();
    const places = `[...document.querySelectorAll("section, .zone")].map((part) => {
      const { x, y, width, height } = part.getBoundingClientRect();
      return [part.className, x, y, width, height].join(" ");
    })`;
    const before = await page.evaluate(places);
    const servers = () => texts(page, ".server h4, .server .pill");
    const alarms = () => texts(page, ".alarm h3, .alarm .pill");

    expect(await servers()).toEqual(["Server 1", "healthy"]);
    expect(await alarms()).toEqual(["cpu-high", "OK", "cpu-low", "ALARM"]);
    await at(700, page);
    expect(await page.locator("button[aria-pressed=true]").getAttribute("aria-label")).toBe("Load on server 1");
    await at(1300, page);
    expect(await servers()).toEqual(["Server 1", "healthy", "Server 2", "pending"]);
    expect(await alarms()).toEqual(["cpu-high", "ALARM", "cpu-low", "OK"]);
    expect(await texts(page, "#group")).toEqual(["web-app_asg · 1 in service, 2 desired, 1 to 4 · cooldown 4 min"]);
    await at(1345, page);
    expect(await servers()).toEqual(["Server 1", "healthy", "Server 2", "initial"]);
    expect(await texts(page, "#targets")).toEqual(["2 targets: 1 healthy, 1 initial"]);
    await at(1600, page);
    expect(await servers()).toEqual(["Server 1", "healthy", "Server 2", "healthy"]);
    await at(2200, page);
    expect(await servers()).toEqual(["Server 1", "terminating", "Server 2", "healthy"]);
    await at(END, page);
    expect(await servers()).toEqual(["Server 2", "healthy"]);

    expect(await page.evaluate(places)).toEqual(before);
    expect((await texts(page, "#events li")).map((line) => line.replace(/\s+/g, " "))).toEqual(
      EVENTS.map(({ at: second, text }) => `${timeOf(second)} ${text}`).reverse(),
    );
  });

  test("only what matters is read aloud, and nothing that was there before", async () => {
    const page = await open();
    await page.evaluate(`globalThis.heard = [];
      new MutationObserver(() => heard.push(announced.textContent)).observe(announced, { childList: true })`);
    for (const now of [601, 1000, 1300, 1450, 1501, 1900, 2200, END]) await at(now, page);
    expect(await page.evaluate("heard")).toEqual([
      "cpu-low OK",
      "cpu-high ALARM. scale-out: add 1 instance, 1 → 2",
      "server 2 is healthy, 2 servers serve",
      "cpu-high OK",
      "cpu-low ALARM. scale-in: remove 1 instance, 2 → 1",
    ]);
  });

  test.each<[string, Action, string]>([
    [
      "Load on server 1",
      { action: "stress", server: "i-0c1d5c3f9b7a2e846", on: true },
      "Load begins on i-0c1d5c3f9b7a2e846.",
    ],
    [
      "Kill server 1",
      { action: "kill", server: "i-0c1d5c3f9b7a2e846" },
      "The processes of i-0c1d5c3f9b7a2e846 are killed; the health check has to find it.",
    ],
    ["Lose zone ap-south-1b", { action: "loseZone", zone: "ap-south-1b", lost: true }, "Zone ap-south-1b is lost."],
    ["Lose the NAT gateway", { action: "loseNat", lost: true }, "The NAT gateway is lost."],
    ["Slower", { action: "speed", speed: 5 }, "The clock runs 5 times as fast as real time."],
    ["Faster", { action: "speed", speed: 20 }, "The clock runs 20 times as fast as real time."],
  ])("%s, by keyboard: it is done, said, and the focus stays", async (name, action, happened) => {
    const page = await open();
    const button = page.getByRole("button", { name });
    await button.evaluate((element) => ((element as unknown as { same: boolean }).same = true));
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("status").filter({ hasText: happened }).waitFor();
    expect(acted).toEqual([action]);
    await at(320, page);
    expect(await page.evaluate("document.activeElement.same")).toBe(true);
    // What was lost can be had back with the same button.
    if ("lost" in action) {
      expect(await focused(page)).toBe(name.replace("Lose", "Restore"));
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name }).waitFor();
      expect(acted.at(-1)).toEqual({ ...action, lost: false });
    }
  });

  test("traffic, by keyboard: the slider stays where the user has put it", async () => {
    const page = await open();
    const slider = page.getByRole("slider", { name: "Traffic" });
    expect(await slider.inputValue()).toBe("20");
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("status").filter({ hasText: "25 requests per second are sent." }).waitFor();
    expect(acted).toEqual([{ action: "traffic", perSecond: 25 }]);
    await at(320, page);
    expect(await slider.inputValue()).toBe("25");
    expect(await slider.getAttribute("aria-valuetext")).toBe("25 requests per second");
  });

  test("the focus of a server that is terminated moves to its zone", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Kill server 1" }).focus();
    await at(END, page);
    expect(await focused(page)).toBe("Zone ap-south-1a");
  });

  test("the pointer asks the chart what was when", async () => {
    const page = await open();
    await at(1450, page);
    const svg = page.getByRole("img", { name: /now 09:24 · .* · CPU [45]\d % · 2 of 2 servers, cpu-high in ALARM/ });
    const { width = 0 } = (await svg.boundingBox()) ?? {};
    await svg.hover({ position: { x: width / 2, y: 100 } });
    await page.locator("#chart-text", { hasText: /09:08 · .* · CPU [345] % · 1 of 1 server$/ }).waitFor();
  });

  test("marks on the axes are figures that people like to read", async () => {
    const page = await open();
    const scale = (call: string) => page.evaluate(`import("/scale.js").then((scale) => scale.${call})`);
    const most = [0, 1, 1.2, 7, 21.4, 100, 101, 950].map((value) => scale(`niceMost(${String(value)})`));
    expect(await Promise.all(most)).toEqual([1, 1, 1.5, 8, 30, 100, 150, 1000]);
    const spans = [0, 900, 901, 3600, 9999].map((seconds) => scale(`niceSpan(${String(seconds)})`));
    expect(await Promise.all(spans)).toEqual([900, 900, 1800, 3600, 3600]);
    await at(2200, page);
    const marks = (await page.locator("#chart text").allTextContents()).filter((text) => /^\d\d:\d\d$/.test(text));
    expect(marks.every((mark) => /[05]$/.test(mark))).toBe(true);
    expect(marks.length).toBeGreaterThan(3);
  });

  test("nothing is sent to a page that nobody sees", async () => {
    const page = await open();
    const see = (hidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, "hidden", { value: ${String(hidden)}, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"))`);
    const feeds = (event: Request) => event.url().endsWith("/events");
    await Promise.all([
      Promise.race([page.waitForEvent("requestfailed", feeds), page.waitForEvent("requestfinished", feeds)]),
      see(true),
    ]);
    await Promise.all([page.waitForEvent("request", feeds), see(false)]);
    await at(400, page);
  });

  test("nothing moves for those who do not like it", async () => {
    const moving = "getComputedStyle(document.querySelector('.zone[data-busy]'), '::before').animationName";
    expect(await (await open()).evaluate(moving)).toBe("flow");
    expect(await (await open(undefined, "reduce")).evaluate(moving)).toBe("none");
  });

  test("a playground that ends is said in a line, and one that comes back is followed", async () => {
    for (const look of LOOKS) await open(look);
    await started.close();
    for (const [index, page] of pages.entries()) {
      await page.getByRole("alert").filter({ hasText: "The playground does not answer any more." }).waitFor();
      const { name = "" } = LOOKS[index] ?? {};
      await page.screenshot({ path: join(SCREENSHOTS, `console-gone-${name}.png`), fullPage: true });
      expect([name, await complaints(page)]).toEqual([name, []]);
    }
    const [page] = pages as [Page];
    await page.getByRole("button", { name: "Faster" }).click();
    await page.getByRole("status").filter({ hasText: "The playground does not answer." }).waitFor();

    feed = () => storyAt(1450);
    started = await start(Number(new URL(started.address).port));
    for (const each of pages) {
      await shown(each);
      await each.getByRole("alert").waitFor({ state: "hidden" });
    }
    expect(said.filter((line) => !line.includes("net::ERR_"))).toEqual([]);
    said = []; // what Chromium itself notes of the connection
  });
});

/** Of axe-core, which knows what people with a disability need. */
function complaints(page: Page): Promise<unknown> {
  return page.evaluate(`globalThis.axe === undefined && (() => { ${AXE} })();
    axe.run(document).then(({ violations }) =>
      violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => html + failureSummary)]))`);
}

const timeOf = (second: number) => new Date(Date.UTC(2026, 2, 2, 9, 0, second)).toISOString().slice(11, 19);

function onPath(program: string): string[] {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .filter((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
