// Leasehold's pages in a browser: that they ask for nothing, say nothing on the console, can be used by keyboard,
// without a script, in the dark, on a phone and on paper, and stay fluid when a run is long.
// LEASEHOLD is the program, CHROMIUM the browser; tests/pages/run.py calls this.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "leasehold-pages-"));
const file = (name) => join(folder, name);
const TWO_HOLDERS = "1 :invoke :acquire nil\n1 :ok :acquire nil\n2 :invoke :acquire nil\n2 :ok :acquire nil\n";
let browser;

/** Verdicts are exit codes: 0 and 1 are both fine. */
function leasehold(...args) {
  try {
    execFileSync(process.env.LEASEHOLD, args, { cwd: folder, stdio: "pipe" });
  } catch (error) {
    assert.equal(error.status, 1, `${args.join(" ")}\n${error.stderr}`);
  }
}

before(async () => {
  leasehold("run", "gc-pauses", "--algorithm", "none", "--seed", "5", "--html", file("run.html"));
  leasehold("run", "mixed", "--algorithm", "redis-ttl", "--seed", "3", "--html", file("faults.html"));
  leasehold("run", "mixed", "--algorithm", "redlock", "--seed", "1", "--set", "scenario.horizon=2min",
    "--html", file("long.html"));
  writeFileSync(file("two.log"), TWO_HOLDERS);
  leasehold("check", "two.log", "--specification", "owner-mutex", "--format", "html", "-o", file("history.html"), "--quiet");
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** Opens a page and lets `act` use it; nothing may be asked for but the page, nothing go wrong. */
async function open(name, options, act) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const requests = [];
  const complaints = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  const url = pathToFileURL(file(name)).href;
  await page.goto(url);
  if (options.javaScriptEnabled !== false && name !== "history.html") {
    await page.waitForSelector("#view .cursor", { state: "attached" });
  }
  await act(page);
  assert.deepEqual(requests, [url]);
  if (!options.complains) assert.deepEqual(complaints, []);
  await context.close();
}

async function serious(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

const step = (page) => page.locator("#step").textContent();
const number = async (page) => Number((await step(page)).match(/^Event ([\d,]+) of/)[1].replaceAll(",", ""));
const total = async (page) => Number((await step(page)).match(/ of ([\d,]+),/)[1].replaceAll(",", ""));

for (const name of ["run.html", "faults.html", "history.html"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${name} in the ${colorScheme}: axe finds nothing serious`, () =>
      open(name, { colorScheme }, async (page) => assert.deepEqual(await serious(page), [])));
  }

  test(`${name} fits a narrow window`, () =>
    open(name, { viewport: { width: 380, height: 800 } }, async (page) => {
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 380);
      assert.deepEqual(await serious(page), []);
    }));
}

test("it opens at what went wrong, with everybody's state at that step", () =>
  open("run.html", {}, async (page) => {
    assert.match(await page.locator("h1").textContent(), /^Two clients worked at once: /);
    assert.match(await step(page), /ENTERS the critical section/);
    assert.ok((await page.locator("#view .overlap").count()) >= 2);
    assert.ok((await page.locator("#state .chip.work").count()) >= 2);
    assert.equal(await page.locator("#near [aria-current=step]").count(), 1);
    assert.equal(await page.locator("#still").isVisible(), false);
  }));

test("keys step from event to event", () =>
  open("run.html", {}, async (page) => {
    assert.equal(await page.evaluate(() => document.activeElement.id), "view");
    const first = await number(page);
    const last = await total(page);
    for (const [key, expected] of [["ArrowRight", first + 1], ["ArrowLeft", first], ["PageDown", first + 20],
      ["PageUp", first], ["End", last], ["ArrowRight", last], ["Home", 1], ["ArrowLeft", 1], ["v", first]]) {
      await page.keyboard.press(key);
      assert.equal(await number(page), expected, key);
    }
    await page.keyboard.press("ArrowDown");
    assert.ok((await number(page)) > first);
    assert.doesNotMatch(await step(page), /: \S+ (sends|receives) /);
  }));

test("a step out of sight moves the window there", () =>
  open("run.html", {}, async (page) => {
    const inside = () => page.evaluate(() => ofEvent(cursor) >= view.from && ofEvent(cursor) <= view.to);
    await page.keyboard.press("End");
    assert.ok(await inside());
    await page.keyboard.press("Home");
    assert.ok(await inside());
  }));

test("everything that acts can be reached by tab, and shows that it has the focus", () =>
  open("run.html", {}, async (page) => {
    const reached = new Set();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      const [name, outline] = await page.evaluate(() => {
        const { activeElement } = document;
        return [activeElement.id || activeElement.value || activeElement.className, getComputedStyle(activeElement).outlineStyle];
      });
      if (name !== "") reached.add(name);
      if (["back", "all", "home"].includes(name)) assert.notEqual(outline, "none", name);
    }
    for (const id of ["time", "back", "forth", "out", "in", "all", "home", "every"]) assert.ok(reached.has(id), id);
  }));

test("the scale is true time or the order of events, and says which", () =>
  open("run.html", {}, async (page) => {
    const axis = page.locator("#view .axis");
    assert.equal(await axis.textContent(), "true time");
    await page.check("input[value=order]");
    await page.waitForFunction(() => document.querySelector("#view .axis").textContent === "order of events");
    const before = await number(page);
    await page.focus("#view");
    await page.keyboard.press("ArrowRight");
    assert.equal(await number(page), before + 1);
  }));

test("zooming shows less of the run, and more of it again", () =>
  open("run.html", {}, async (page) => {
    const span = () => page.evaluate(() => view.to - view.from);
    const first = await span();
    await page.keyboard.press("+");
    assert.ok((await span()) < first);
    await page.click("#all");
    assert.equal(await span(), await page.evaluate(() => data.end));
  }));

test("a click on an event nearby goes to it", () =>
  open("run.html", {}, async (page) => {
    const before = await number(page);
    await page.locator("#near button").last().click();
    assert.equal(await number(page), before + 6);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-current")), "step");
  }));

test("with scripting off the finding is there, as a picture and in a table", () =>
  open("run.html", { javaScriptEnabled: false }, async (page) => {
    assert.ok(await page.locator("#still svg").isVisible());
    assert.ok((await page.locator("#still .overlap").count()) >= 2);
    assert.ok((await page.locator("#events tbody tr").count()) > 5);
    assert.equal(await page.locator("#live").isVisible(), false);
  }));

test("on paper there is the picture and the table, without controls, black on white", () =>
  open("run.html", { colorScheme: "dark" }, async (page) => {
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    assert.ok(await page.locator("#still svg").isVisible());
    assert.ok(await page.locator("#events table").isVisible());
    assert.equal(await page.locator("#live").isVisible(), false);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  }));

test("nothing moves by itself", () =>
  open("run.html", { reducedMotion: "reduce" }, async (page) => {
    await page.keyboard.press("End");
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  }));

test("markup in a name is shown, not obeyed, and a script that gets in is not run", async () => {
  const evil = "<img src=x onerror=evil()><script>evil()</script>";
  const escaped = JSON.stringify(evil).slice(1, -1).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
  const page = readFileSync(file("run.html"), "utf8");
  const changed = page.replaceAll('"name":"client:0"', `"name":"${escaped}"`);
  assert.notEqual(changed, page);
  writeFileSync(file("evil.html"), changed.replace("<main>", "<main><script>window.evil = true</script>"));
  await open("evil.html", { complains: true }, async (opened) => {
    await opened.keyboard.press("ArrowRight");
    assert.equal(await opened.evaluate(() => window.evil), undefined);
    assert.equal(await opened.locator("#live img").count(), 0);
    assert.equal(await opened.locator("#state th", { hasText: "<img src=x" }).count(), 1);
  });
});

test("100,000 events open and stay fluid: only the window is drawn", async () => {
  const began = Date.now();
  await open("long.html", {}, async (page) => {
    const opened = Date.now() - began;
    const events = await total(page);
    assert.ok(events >= 100_000, `${events} events`);
    const nodes = () => page.evaluate(() => document.querySelectorAll("#view *").length);
    const atFirst = await nodes();
    await page.click("#all");
    await page.waitForFunction(() => view.to - view.from === data.end);
    const drawing = await page.evaluate(() => {
      const start = performance.now();
      draw(viewport);
      return performance.now() - start;
    });
    const stepping = await page.evaluate(() => {
      const start = performance.now();
      for (let i = 0; i < 100; i++) goTo(cursor + 1);
      return (performance.now() - start) / 100;
    });
    console.log(`${events} events: open after ${opened} ms; the whole run drawn in ${drawing.toFixed()} ms; ` +
      `a step takes ${stepping.toFixed(1)} ms; ${atFirst} and ${await nodes()} elements`);
    assert.ok((await nodes()) < 20_000);
    assert.ok(opened < 20_000, "on a busy machine too");
  });
});
