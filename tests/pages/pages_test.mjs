// Leasehold's pages in a browser: that they ask for nothing, say nothing on the console, can be used by keyboard,
// without a script, in the dark, on a phone and on paper, and stay fluid when a run is long.
// LEASEHOLD is the program, CHROMIUM the browser; tests/pages/run.py calls this.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const traceReader = join(dirname(require.resolve("speedscope/package.json")), "dist", "release", "index.html");
const folder = mkdtempSync(join(tmpdir(), "leasehold-pages-"));
const file = (name) => join(folder, name);
const TWO_HOLDERS = "1 :invoke :acquire nil\n1 :ok :acquire nil\n2 :invoke :acquire nil\n2 :ok :acquire nil\n";
let browser;

const BAD_INPUT = 64;

/** Returns the exit code. */
function call(args) {
  try {
    execFileSync(process.env.LEASEHOLD, args, { cwd: folder, stdio: "pipe" });
    return 0;
  } catch (error) {
    assert.ok(error.status === 1 || error.status === BAD_INPUT, `${args.join(" ")}\n${error.stderr}`);
    return error.status;
  }
}

/** Verdicts are exit codes: 0 and 1 are both fine. */
function leasehold(...args) {
  assert.notEqual(call(args), BAD_INPUT, args.join(" "));
}

before(async () => {
  leasehold("run", "gc-pauses", "--algorithm", "none", "--seed", "5", "--html", file("run.html"));
  leasehold("run", "mixed", "--algorithm", "redis-ttl", "--seed", "3", "--html", file("faults.html"));
  leasehold("replay", "lh1:etcd-lease@partitions#2", "--html", file("etcd.html"), "--trace-events", file("etcd.json"));
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

for (const name of ["run.html", "faults.html", "etcd.html", "history.html"]) {
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

test("on paper a browser that likes it dark prints black on white too", () =>
  open("run.html", { colorScheme: "dark" }, async (page) => {
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), "rgb(28, 30, 33)");
    assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
  }));

/** Pairs of faults and of what is written beside them that cover one another. */
const covered = (page, picture) => page.evaluate((selector) => {
  const boxes = [...document.querySelectorAll(`${selector} .on-fault`)].map((text) => text.getBBox());
  const bands = [...document.querySelectorAll(`${selector} rect.fault`)].map((band) => band.getBBox());
  const meet = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  const within = (text, band) => text.x >= band.x && text.x + text.width <= band.x + band.width;
  let count = 0;
  boxes.forEach((text, i) => {
    count += boxes.slice(i + 1).filter((other) => meet(text, other)).length;
    count += bands.filter((band) => meet(text, band) && !within(text, band)).length;
  });
  return [boxes.length, count];
}, picture);

for (const name of ["run.html", "faults.html", "etcd.html", "long.html"]) {
  test(`${name}: what is written beside faults covers nothing, in print either`, () =>
    open(name, {}, async (page) => {
      const [first] = await covered(page, "#view");
      assert.ok(first > 0);
      for (const scale of [1, 0.5, 0.2, 0.1, 0.05, 0.02]) {
        await page.evaluate((part) => {
          view.to = data.end;
          view.from = data.end * (1 - part);
          draw(viewport);
        }, scale);
        assert.equal((await covered(page, "#view"))[1], 0, `the last ${scale} of the run`);
      }
      await page.emulateMedia({ media: "print" });
      const [still, coveredStill] = await covered(page, "#still");
      assert.ok(still > 0);
      assert.equal(coveredStill, 0);
    }));
}

test("at a step everybody's role, lock, deadline by its own clock and place in its recipe are told", () =>
  open("etcd.html", {}, async (page) => {
    const row = (name) => page.locator("#state tr", { has: page.locator(`th:text-is("${name}")`) });
    assert.match(await row("etcd:1").textContent(), /leader, term 3.*c4#1, token 4until \d+\.\d{3} s monotonic, [\d.]+ s to go.*leads in term 3/);
    assert.match(await row("etcd:0").textContent(), /c4#1, token 4.*follows in term 3/);
    assert.match(await row("client:4").textContent(), /c4#1, token 4until \d+\.\d{3} s monotonic, [\d.]+ s to go/);
    assert.match(await row("client:0").textContent(), /waits for the lock, step \(2\)/);
    await page.focus("#view");
    // Where client:3's own deadline has passed it believes no more, and the term is another one.
    await page.evaluate(() => goTo(eventBefore(10e9)));
    assert.match(await row("etcd:2").textContent(), /leader, term 2/);
    assert.match(await row("client:3").textContent(), /c3#1, token 3until/);
    assert.ok((await page.locator("#view rect.leads").count()) >= 3);
    assert.ok((await page.locator("#view rect.keeps").count()) >= 3);
  }));

test("in a narrow window what it opens at is in sight", () =>
  open("etcd.html", { viewport: { width: 380, height: 800 } }, async (page) => {
    const seen = () => page.evaluate(() => {
      const cursor = document.querySelector("#view .cursor").getBoundingClientRect();
      const { left, right } = document.getElementById("view").getBoundingClientRect();
      return cursor.left > left && cursor.right < right;
    });
    assert.ok(await seen());
    await page.keyboard.press("End");
    await page.waitForFunction(() => view.to === data.end);
    assert.ok(await seen());
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

test("an incident file cannot put a script into a page or a picture", async () => {
  leasehold("run", "gc-pauses", "--algorithm", "none", "--seed", "5", "--keep", file("kept"));
  const [kept] = readdirSync(file("kept"));
  const incident = readFileSync(join(file("kept"), kept), "utf8");
  const evil = "</script><script>window.evil=1</script><img src=x onerror=window.evil=1>&quot;\"'";
  const places = {
    title: (it, text) => { it.title = text; },
    story: (it, text) => { it.story = text; },
    algorithm: (it, text) => { it.algorithm = text; },
    parameters: (it, text) => { it.parameters = { [text]: text }; },
    scenario: (it, text) => { it.scenario.name = text; },
    summary: (it, text) => { it.scenario.summary = text; },
    fault: (it, text) => { it.plan.faults[0].id = text; },
    "control characters": (it) => { it.title = "a\u202eb\u0007"; },
  };
  let shown = 0;
  for (const [place, put] of Object.entries(places)) {
    const changed = JSON.parse(incident);
    put(changed, evil);
    writeFileSync(file("evil.json"), JSON.stringify(changed));
    for (const command of ["replay", "explain"]) {
      const [html, svg] = [file("evil.html"), file("evil.svg")];
      rmSync(html, { force: true });
      rmSync(svg, { force: true });
      if (call([command, "evil.json", "--html", html, "--svg", svg]) === BAD_INPUT) continue;
      ++shown;
      for (const name of ["evil.html", "evil.svg"]) {
        const page = await browser.newPage();
        await page.goto(pathToFileURL(file(name)).href);
        const [ran, scripts, images] = await page.evaluate(() =>
          [window.evil, document.querySelectorAll("script").length, document.querySelectorAll("img").length]);
        if (name === "evil.html" && place === "story") assert.match(await page.textContent("main"), /<script>window.evil=1/);
        assert.deepEqual([ran, scripts, images], [undefined, name === "evil.html" ? 2 : 0, 0], `${place}, ${command}, ${name}`);
        await page.close();
      }
    }
  }
  assert.ok(shown >= 4, `${shown} pages`);
});

test("another program reads the trace events without complaint", async () => {
  const page = await browser.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(`still open: ${error.message}`));
  await page.goto(pathToFileURL(traceReader).href);
  await page.setInputFiles("input[type=file]", file("etcd.json"));
  await page.waitForFunction(() => document.title.startsWith("etcd.json"), null, { timeout: 20_000 });
  assert.ok(said.includes("Importing as Trace Event Format profile"), said.join("\n"));
  // Slices of one moment are told apart by nothing; all else must end in the order in which it began.
  const complaints = said.filter((text) => /still open|Doing nothing instead/.test(text));
  assert.deepEqual(complaints, []);
  await page.close();
});

test("no message is lost: whoever zooms in sees all of a window, whoever does not is told how many are missing", () =>
  open("long.html", {}, async (page) => {
    const inWindow = () => page.evaluate(() => messages.filter(([, , , sent, settled]) => shows(ofEvent(sent), ofEvent(settled))).length);
    const drawn = () => page.locator("#view .message").count();
    const missing = async () => Number((await page.locator("#note").textContent()).match(/^([\d,]*)/)[1].replaceAll(",", ""));
    const [inFile, sent] = await page.evaluate(() => [messages.length, events.kind.filter((kind) => kind === 0).length]);
    assert.equal(inFile, sent);
    assert.ok(inFile > 40_000);
    await page.click("#all");
    await page.waitForFunction(() => view.to - view.from === data.end);
    assert.equal((await drawn()) + (await missing()), await inWindow());
    await page.check("#every");
    await page.waitForFunction(() => document.querySelectorAll("#view .message").length > 1000);
    assert.equal((await drawn()) + (await missing()), await inWindow());
    assert.doesNotMatch(await page.locator("#note").textContent(), /ask for/);
    // Evenly from all over the run, not from its beginning alone.
    const [left, right] = await page.evaluate(() => {
      const xs = [...document.querySelectorAll("#view .message")].map((message) => Number(message.getAttribute("x1")));
      return [Math.min(...xs), Math.max(...xs)];
    });
    assert.ok(left < 150 && right > 1000, `${left} to ${right}`);
    await page.uncheck("#every");
    await page.focus("#view");
    for (let i = 0; i < 40 && ((await inWindow()) > 240 || (await missing()) > 0); i++) {
      await page.keyboard.press("+");
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    }
    assert.equal(await missing(), 0);
    assert.equal(await drawn(), await inWindow());
    assert.ok((await drawn()) > 0);
  }));

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
    const moving = await page.evaluate(() => {
      const timed = (act) => {
        const start = performance.now();
        for (let i = 0; i < 20; i++) act(i);
        return (performance.now() - start) / 20;
      };
      const window = (from, span) => { view.from = from; view.to = from + span; draw(viewport); };
      return {
        zooming: timed((i) => window(data.end / 2, data.end / 2 ** (i / 2))),
        panning: timed((i) => window((data.end * i) / 25, data.end / 10)),
      };
    });
    console.log(`${events} events: open after ${opened} ms; the whole run drawn in ${drawing.toFixed()} ms; ` +
      `a zoom takes ${moving.zooming.toFixed(1)} ms, a pan ${moving.panning.toFixed(1)} ms, ` +
      `a step ${stepping.toFixed(1)} ms; ${atFirst} and ${await nodes()} elements`);
    for (const took of [drawing, moving.zooming, moving.panning, stepping]) assert.ok(took < 500, "on a busy machine too");
    assert.ok((await nodes()) < 20_000);
    assert.ok(opened < 20_000, "on a busy machine too");
  });
});
