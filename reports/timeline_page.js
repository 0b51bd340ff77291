// Stepping through the run, and what is told at each step.

const byId = (id) => document.getElementById(id);
const viewport = byId("view");
const NEAR = 6;
let cursor = 0;
let scheduled = false;

function html(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.append(...children);
  return element;
}

const bounds = () => (view.inOrder ? [0, LAST] : [0, data.end]);

/** Shows that window, moved and shortened to lie in the run. */
function show(from, to) {
  const [first, last] = bounds();
  const least = view.inOrder ? 10 : 20000;
  const span = Math.min(Math.max(to - from, least), last - first);
  view.from = Math.min(Math.max(from, first), last - span);
  view.to = view.from + span;
  redraw();
}

function redraw() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    view.width = Math.max(viewport.clientWidth, 640);
    const leftOut = draw(viewport);
    drawCursor(viewport, cursor);
    bringIntoSight(cursor);
    byId("note").textContent = leftOut > 0
      ? `${leftOut.toLocaleString("en")} messages of this window are not drawn: zoom in${view.every ? "" : ", or ask for every message"}.`
      : "";
  });
}

/** The picture is wider than a narrow window. */
function bringIntoSight(event) {
  const position = ofEvent(event);
  const left = x(position) - viewport.scrollLeft;
  if (!shows(position, position) || (left > 0 && left < viewport.clientWidth)) return;
  viewport.scrollLeft += left - viewport.clientWidth / 2;
}

function goTo(event) {
  cursor = Math.min(Math.max(event, 0), LAST);
  const position = ofEvent(cursor);
  if (position < view.from || position > view.to) {
    const half = (view.to - view.from) / 2;
    show(position - half, position + half);
  } else if (viewport.firstChild) {
    drawCursor(viewport, cursor);
    bringIntoSight(cursor);
  }
  tell();
}

/** The next event, in that direction, that is more than a message. */
function pastMessages(direction) {
  let event = cursor + direction;
  while (event > 0 && event < LAST && events.kind[event] <= KIND.lastMessage) event += direction;
  return event;
}

function zoom(factor, around = ofEvent(cursor)) {
  const anchor = Math.min(Math.max(around, view.from), view.to);
  show(anchor - (anchor - view.from) * factor, anchor + (view.to - anchor) * factor);
}

function goHome() {
  const [from, to] = data.window.map(ofTime);
  show(from, to);
  goTo(data.focus);
}

// ------------------------------------------------------------------------------- what is told

function runs(lane) {
  if (openBar(lane, BAR.down, cursor)) return "down";
  if (openBar(lane, BAR.stopped, cursor)) return "stopped";
  return openBar(lane, BAR.leads, cursor)?.name ?? "runs";
}

function where(lane) {
  if (lanes[lane].part !== PART.resource) return place(lane, cursor);
  const last = lastUpTo(effectsAt, cursor);
  return last < 0 ? "untouched" : `version ${data.effects[last][3]}`;
}

/** Until when the lock is trusted or kept in that lane, by its own clock; a server may not know. */
function until(lane) {
  const end = deadline(lane, cursor);
  if (!end) return isClient(lane) ? "no deadline" : "";
  const left = end.left > 0 ? `${duration(end.left)} to go` : `over for ${duration(end.left)}`;
  return `until ${seconds(end.reading)} ${end.clock}, ${left}`;
}

function stateRow(lane) {
  const open = (kind) => openBar(lane, kind, cursor);
  const cell = (found, ends) => {
    if (!found) return html("td", {}, "–");
    const chip = html("span", { class: `chip ${BAR_CLASS[found.kind]}` }, holder(found));
    return html("td", {}, chip, ...(ends ? [html("small", {}, until(lane))] : []));
  };
  const state = runs(lane);
  const abnormal = state === "down" || state === "stopped";
  const keeps = open(BAR.keeps);
  return html("tr", events.lane[cursor] === lane ? { class: "now" } : {},
    html("th", { scope: "row" }, lanes[lane].name),
    html("td", abnormal ? { class: "abnormal" } : {}, state),
    cell(open(BAR.belief), true), cell(keeps ?? open(BAR.grant), Boolean(keeps)), cell(open(BAR.work)),
    html("td", { class: "number" }, aheadText(ahead(lane, events.at[cursor]))),
    html("td", {}, where(lane)));
}

const columns = ["process", "state", "believes", "granted", "works", "clock ahead", "where"];
const stateHead = html("thead", {}, html("tr", {}, ...columns.map((name) =>
  html("th", name === "clock ahead" ? { scope: "col", class: "number" } : { scope: "col" }, name))));

function nearItem(event) {
  const button = html("button", { type: "button", "data-event": event },
    html("span", { class: "when" }, seconds(events.at[event], 6)),
    html("span", { class: "who" }, laneName(event)),
    html("span", { class: "what" }, eventText(event)));
  if (event === cursor) button.setAttribute("aria-current", "step");
  return html("li", {}, button);
}

function tell() {
  const who = laneName(cursor);
  byId("step").textContent = `Event ${(cursor + 1).toLocaleString("en")} of ${(LAST + 1).toLocaleString("en")}, ` +
    `${seconds(events.at[cursor], 6)}: ${who ? who + " " : ""}${eventText(cursor)}`;
  byId("state").replaceChildren(stateHead, html("tbody", {}, ...lanes.map((_, lane) => stateRow(lane))));
  const first = Math.max(0, Math.min(cursor - NEAR, LAST - 2 * NEAR));
  const near = [];
  for (let event = first; event <= Math.min(LAST, first + 2 * NEAR); event++) near.push(nearItem(event));
  byId("near").replaceChildren(...near);
}

// ----------------------------------------------------------------------------------- controls

const keys = {
  ArrowLeft: () => goTo(cursor - 1),
  ArrowRight: () => goTo(cursor + 1),
  ArrowUp: () => goTo(pastMessages(-1)),
  ArrowDown: () => goTo(pastMessages(1)),
  PageUp: () => goTo(cursor - 20),
  PageDown: () => goTo(cursor + 20),
  Home: () => goTo(0),
  End: () => goTo(LAST),
  "+": () => zoom(0.5),
  "=": () => zoom(0.5),
  "-": () => zoom(2),
  v: goHome,
};

viewport.addEventListener("keydown", (event) => {
  const act = keys[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
});

const onClick = (id, act) => byId(id).addEventListener("click", act);
onClick("back", keys.ArrowLeft);
onClick("forth", keys.ArrowRight);
onClick("in", keys["+"]);
onClick("out", keys["-"]);
onClick("all", () => show(...bounds()));
onClick("home", goHome);
onClick("near", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  goTo(Number(button.dataset.event));
  byId("near").querySelector("[aria-current]").focus();
});

byId("every").addEventListener("change", ({ target }) => {
  view.every = target.checked;
  redraw();
});

for (const radio of document.getElementsByName("scale")) {
  radio.addEventListener("change", () => {
    const window = [view.from, view.to];
    const inTime = view.inOrder ? window.map((event) => events.at[Math.round(event)]) : window;
    view.inOrder = radio.value === "order";
    show(ofTime(inTime[0]), ofTime(inTime[1]));
  });
}

const positionAt = (clientX) => {
  const left = clientX - viewport.firstChild.getBoundingClientRect().left;
  return view.from + ((left - LEFT) / (right() - LEFT)) * (view.to - view.from);
};

let drag = null;
viewport.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || event.pointerType === "touch") return;
  drag = { x: event.clientX, from: view.from, to: view.to, moved: false };
});
addEventListener("pointermove", (event) => {
  if (!drag) return;
  const by = event.clientX - drag.x;
  if (Math.abs(by) > 3) drag.moved = true;
  if (!drag.moved) return;
  const shift = (by / (right() - LEFT)) * (drag.to - drag.from);
  show(drag.from - shift, drag.to - shift);
});
addEventListener("pointerup", () => setTimeout(() => { drag = null; }));
viewport.addEventListener("click", (event) => {
  if (drag?.moved || event.clientX < viewport.getBoundingClientRect().left + LEFT) return;
  const position = positionAt(event.clientX);
  goTo(view.inOrder ? Math.round(position) : eventBefore(position));
});
viewport.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoom(event.deltaY > 0 ? 1.25 : 0.8, positionAt(event.clientX));
}, { passive: false });
new ResizeObserver(redraw).observe(viewport);

document.documentElement.classList.add("scripted");
byId("live").hidden = false;
goHome();
viewport.focus({ preventScroll: true });
