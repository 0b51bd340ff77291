// The picture of a window of the run. Measures as in reports/timeline_layout.hpp.

const LEFT = 132;
const AXIS = 26;
const FAULT_ROW = 18;
const BAR_HEIGHT = 14;
const BAR_STEP = 16;
const OTHER = 32;
const BESIDE_BARS = 30;
const CLOCK = 18;
const MANY_MESSAGES = 80;
const CLOCK_SWING = 7;
const MOST_MESSAGES = 240;
const MOST_EVER = 5000;
const CHARACTER = 6.2;

const SVG = "http://www.w3.org/2000/svg";

function el(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.append(...children);
  return element;
}

const titled = (element, text) => {
  element.append(el("title", {}, text));
  return element;
};

/** A row for each fault such that none covers another. */
function packFaults() {
  const taken = [];
  for (const fault of data.faults) {
    let row = 0;
    while (row < taken.length && taken[row] > fault.from) row++;
    taken[row] = Math.max(fault.until, fault.from + data.end / 200);
    fault.row = row;
  }
  return taken.length;
}

// The rows of bars in a lane, by its part.
const hasBars = (kind) => bars.some((b) => b[0] === kind);
const ROWS = [
  ["believes", "granted", "works"],
  [],
  [...(hasBars(BAR.leads) ? ["role"] : []), ...(hasBars(BAR.keeps) ? ["keeps"] : [])],
];
const rowsOf = (lane) => ROWS[lanes[lane].part];
const laneHeight = (lane) => (rowsOf(lane).length > 0 ? BESIDE_BARS + rowsOf(lane).length * BAR_STEP : OTHER);

const tops = [];
let lockTop = 0;
const lanesTop = AXIS + packFaults() * FAULT_ROW + 6;
let height = lanesTop;
lanes.forEach((lane, i) => {
  tops.push(height);
  height += laneHeight(i);
  if (lane.part !== PART.resource) return;
  lockTop = height;
  height += OTHER;
});
height += 4;

const isClient = (lane) => lanes[lane].part === PART.client;
const lineY = (lane) => tops[lane] + (rowsOf(lane).length > 0 ? 5 + rowsOf(lane).length * BAR_STEP : OTHER / 2);
const barY = (b) => {
  const row = b.kind === BAR.leads ? 0 : b.kind === BAR.keeps ? rowsOf(b.lane).length - 1 : b.kind;
  return tops[b.lane] + 3 + row * BAR_STEP;
};

// Two grants at once stand above one another in the lane of the lock.
const grantRow = new Map();
{
  const taken = [0, 0];
  bars.forEach(([kind, , , , from, to], i) => {
    if (kind !== BAR.grant) return;
    const row = taken[0] <= from ? 0 : 1;
    taken[row] = Math.max(taken[row], to);
    grantRow.set(i, row);
  });
}

const mostAhead = Math.max(
  1,
  ...lanes.map(({ clocks }) => clocks[WALL].reduce((most, v, i) => (i % 2 ? Math.max(most, Math.abs(v)) : most), 1)),
);

/** What of the run is shown, by what scale, and how wide. From and to are nanoseconds or events. */
const view = { inOrder: false, from: data.window[0], to: data.window[1], width: 1120, every: false };

const ofEvent = (event) => (view.inOrder ? event : events.at[event]);
const ofTime = (ns) => (view.inOrder ? eventBefore(ns) : ns);
const right = () => view.width - 8;
function x(position) {
  const within = Math.min(Math.max(position, view.from), view.to) - view.from;
  return LEFT + (within / (view.to - view.from)) * (right() - LEFT);
}
const shows = (from, to) => from <= view.to && to >= view.from;

function rect(kind, left, y, width, tall, title) {
  const attributes = { class: kind, x: left.toFixed(1), y, width: Math.max(width, 1).toFixed(1), height: tall };
  return titled(el("rect", attributes), title);
}
const line = (kind, x1, y1, x2, y2) => el("line", { class: kind, x1: x1.toFixed(1), y1, x2: x2.toFixed(1), y2 });
const label = (kind, left, y, text) => el("text", { class: kind, x: left.toFixed(1), y }, text);
const fits = (text, width) => CHARACTER * text.length + 8 <= width;

function onBar(group, left, y, width, ...candidates) {
  const text = candidates.find((candidate) => fits(candidate, width));
  if (text) group.append(label("on-bar", left + 4, y + 11, text));
}

function tickStep(span) {
  for (let step = view.inOrder ? 1 : 1000; ; step *= 10) {
    for (const factor of [1, 2, 5]) if (span / (step * factor) <= 9) return step * factor;
  }
}

function drawAxis(group) {
  const step = tickStep(view.to - view.from);
  const decimals = Math.min(6, Math.max(0, 9 - Math.floor(Math.log10(step))));
  for (let tick = Math.ceil(view.from / step) * step; tick <= view.to; tick += step) {
    group.append(line("grid", x(tick), AXIS - 8, x(tick), height));
    const text = view.inOrder ? `#${tick}` : seconds(tick, decimals);
    if (x(tick) < right() - CHARACTER * text.length / 2) group.append(label("tick", x(tick), 12, text));
  }
  group.append(label("axis", 0, 12, view.inOrder ? "order of events" : "true time"));
  const healed = ofTime(data.healed);
  if (shows(healed, healed)) {
    group.append(titled(line("healed", x(healed), AXIS - 8, x(healed), height), "the faults end"));
  }
  if (data.finding) {
    const from = x(ofTime(data.finding.from));
    const width = x(ofTime(data.finding.to)) - from;
    group.append(rect("finding", from, AXIS - 6, width, height - AXIS + 6, data.title));
  }
}

function drawLanes(group) {
  lanes.forEach((lane, i) => {
    group.append(line("rule", 0, tops[i], right(), tops[i]), label("lane", 0, tops[i] + 15, lane.name.slice(0, 14)));
    group.append(line("life", LEFT, lineY(i), right(), lineY(i)));
    const rows = rowsOf(i);
    rows.forEach((text, row) => group.append(label("row", LEFT - 8, tops[i] + 14 + row * BAR_STEP, text)));
    if (rows.length > 0) group.append(label("row", LEFT - 8, tops[i] + 20 + rows.length * BAR_STEP, "clock"));
  });
  group.append(line("rule", 0, lockTop, right(), lockTop), label("lane", 0, lockTop + 15, "the lock"));
  group.append(label("row", LEFT - 8, lockTop + 15, "granted to"));
}

function drawFaults(group) {
  if (data.faults.length > 0) group.append(label("lane", 0, AXIS + 12, "faults"));
  const shown = data.faults.filter((fault) => shows(ofTime(fault.from), ofTime(fault.until)));
  const takenTo = [];
  shown.forEach((fault, i) => {
    const from = x(ofTime(fault.from));
    const to = Math.max(x(ofTime(fault.until)), from + 3);
    const title = `${fault.text}\n${fault.course}`;
    for (const lane of fault.targets) {
      const bottom = tops[lane] + laneHeight(lane) - 1;
      const tall = fault.clock ? CLOCK : laneHeight(lane) - 2;
      group.append(rect("hit", from, bottom - tall, Math.max(to - from, 2), tall, title));
    }
    const y = AXIS + fault.row * FAULT_ROW;
    const planned = ofTime(fault.planned);
    if (planned < ofTime(fault.from)) group.append(line("waits", x(planned), y + FAULT_ROW / 2, from, y + FAULT_ROW / 2));
    group.append(rect("fault", from, y + 1, to - from, FAULT_ROW - 3, title));
    const felt = fault.felt === null ? -1 : ofTime(fault.felt);
    if (shows(felt, felt)) group.append(line("felt", x(felt), y + 1, x(felt), y + FAULT_ROW - 2));
    // On the band, or after it, or before it, wherever there is room.
    const next = shown.slice(i + 1).find((other) => other.row === fault.row);
    const after = (next ? x(ofTime(next.from)) : right()) - to;
    const before = from - (takenTo[fault.row] ?? LEFT);
    takenTo[fault.row] = to;
    const width = CHARACTER * fault.text.length;
    const place = fits(fault.text, to - from) ? from + 5 : fits(fault.text, after) ? to + 5 : from - 5 - width;
    if (place < from && !fits(fault.text, before)) return;
    group.append(label("on-fault", place, y + 12, fault.text));
    takenTo[fault.row] = Math.max(to, place + width);
  });
}

/** Bars too narrow to be told apart become one. */
function drawBarsOf(group, lane, kind) {
  let pending = null;
  const flush = () => {
    if (pending) group.append(rect(BAR_CLASS[kind], pending.from, pending.y, pending.to - pending.from, pending.tall, pending.title));
    pending = null;
  };
  for (const i of barsOf[lane][kind]) {
    const b = bar(i);
    if (!shows(ofEvent(b.from), ofEvent(b.to))) continue;
    const [from, to] = [x(ofEvent(b.from)), x(ofEvent(b.to))];
    const whole = kind === BAR.stopped || kind === BAR.down;
    const y = whole ? tops[lane] + 1 : barY(b);
    const tall = whole ? laneHeight(lane) - 2 : BAR_HEIGHT;
    if (pending && from - pending.to < 1 && to - from < 2) {
      pending.to = Math.max(pending.to, to);
      pending.title = "several; zoom in";
      continue;
    }
    flush();
    pending = { from, to, y, tall, title: barTitle(b) };
    if (to - from >= 2) flush();
  }
  flush();
}

function drawNames(group, lane, kind) {
  for (const i of barsOf[lane][kind]) {
    const b = bar(i);
    if (!shows(ofEvent(b.from), ofEvent(b.to))) continue;
    const from = x(ofEvent(b.from));
    onBar(group, from, barY(b), x(ofEvent(b.to)) - from, holder(b), b.name);
  }
}

function drawBars(group) {
  lanes.forEach((_, lane) => {
    for (const kind of [BAR.down, BAR.leads, BAR.keeps, BAR.belief, BAR.grant, BAR.work, BAR.stopped]) {
      drawBarsOf(group, lane, kind);
    }
  });
  for (const [i, from, to] of data.shared) {
    if (!shows(ofEvent(from), ofEvent(to))) continue;
    const b = bar(i);
    const left = x(ofEvent(from));
    group.append(rect("overlap", left, barY(b), x(ofEvent(to)) - left, BAR_HEIGHT, `not alone\n${barTitle(b)}`));
  }
  // Above the hatching of overlaps.
  lanes.forEach((_, lane) => [BAR.belief, BAR.grant, BAR.work, BAR.leads, BAR.keeps].forEach((kind) => drawNames(group, lane, kind)));
  const drawnTo = [-1, -1];
  for (const [i, row] of grantRow) {
    const b = bar(i);
    if (!shows(ofEvent(b.from), ofEvent(b.to))) continue;
    const [from, to] = [x(ofEvent(b.from)), x(ofEvent(b.to))];
    if (to < drawnTo[row] + 1) continue;
    drawnTo[row] = to;
    const y = lockTop + 2 + row * (BAR_HEIGHT + 1);
    group.append(rect("grant", from, y, to - from, BAR_HEIGHT, barTitle(b)));
    onBar(group, from, y, to - from, holder(b), b.name);
  }
}

function drawEffects(group) {
  const kinds = ["accepted", "fenced", "harm", "harm", "harm"];
  for (const writes of [0, 1]) {  // above reads
    let last = -9;
    for (const [event, outcome, write] of data.effects) {
      const position = ofEvent(event);
      if (write !== writes || !shows(position, position) || events.lane[event] < 0) continue;
      const [left, y] = [x(position), lineY(events.lane[event])];
      if (left - last < 2 && outcome === 0) continue;
      last = left;
      const title = `${seconds(events.at[event])}: ${eventText(event)}`;
      const kind = kinds[outcome];
      const mark = kind === "harm"
        ? el("path", { class: "harm", d: `M${left.toFixed(1)} ${y - 7}l6 12h-12z` })
        : el("circle", { class: write ? kind : `${kind} read`, cx: left.toFixed(1), cy: y, r: 3.5 });
      group.append(titled(mark, title));
    }
  }
}

/** At most so many of them, evenly from all over the window. */
const thinned = (all, most) =>
  all.length <= most ? all : Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]);

/** Returns how many messages of the window are not drawn. */
function drawMessages(svg) {
  let shown = messages.filter(([, , , sent, settled]) => shows(ofEvent(sent), ofEvent(settled)));
  const all = shown.length;
  if (all > MOST_MESSAGES && !view.every) {
    shown = shown.filter(([, , text, , , fate]) => data.concerns[text] || (fate & 3) === LOST);
  }
  shown = thinned(shown, view.every ? MOST_EVER : MOST_MESSAGES);
  const group = el("g", shown.length > MANY_MESSAGES ? { class: "many" } : {});
  svg.append(group);
  for (const [from, to, text, sent, settled, fate] of shown) {
    const [x1, x2] = [x(ofEvent(sent)), x(ofEvent(settled))];
    const [y1, y2] = [lineY(from), lineY(to)];
    const lost = (fate & 3) === LOST;
    const kind = lost ? "message lost" : fate & 4 ? "message late" : "message";
    const end = ["arrives", "lost by", "never arrives in this run; it ends"][fate & 3];
    const title = `${lanes[from].name} to ${lanes[to].name}: ${texts[text]}\n` +
      `${seconds(events.at[sent], 6)}, ${end} ${seconds(events.at[settled], 6)}`;
    const [xe, ye] = lost ? [(x1 + x2) / 2, (y1 + y2) / 2] : [x2, y2];
    group.append(titled(line(kind, x1, y1, xe, ye), title));
    if (lost) group.append(el("path", { class: "cross", d: `M${(xe - 3).toFixed(1)} ${ye - 3}l6 6m0-6l-6 6` }));
  }
  return all - shown.length;
}

function drawClocks(group) {
  lanes.forEach((lane, i) => {
    const middle = tops[i] + laneHeight(i) - CLOCK / 2;
    const [from, to] = view.inOrder
      ? [events.at[Math.max(0, Math.floor(view.from))], events.at[Math.min(LAST, Math.ceil(view.to))]]
      : [view.from, view.to];
    const at = (ns, value) => `${x(ofTime(ns)).toFixed(1)},${(middle - (value / mostAhead) * CLOCK_SWING).toFixed(1)}`;
    const points = [at(from, ahead(i, from))];
    const clock = lane.clocks[WALL];
    for (let p = 0; p < clock.length; p += 2) {
      if (clock[p] > from && clock[p] < to) points.push(at(clock[p], clock[p + 1]));
    }
    points.push(at(to, ahead(i, to)));
    const title = `${lane.name}: its clock is ${aheadText(ahead(i, to))} ahead of true time at the right`;
    group.append(titled(el("polyline", { class: "clock", points: points.join(" ") }), title));
  });
}

function patterns() {
  return el("defs", {}, ...["hatch", "stops"].map((kind) =>
    el("pattern", { id: `live-${kind}`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      el("line", { class: kind, x1: 0, y1: 0, x2: 0, y2: 6 }))));
}

/** Draws the window into the element. Returns how many of its messages are not drawn. */
function draw(into) {
  const svg = el("svg", { class: "timeline", width: view.width, height, "aria-hidden": "true" });
  const cursor = line("cursor", 0, AXIS - 8, 0, height);
  svg.append(patterns());
  drawAxis(svg);
  drawLanes(svg);
  drawFaults(svg);
  const leftOut = drawMessages(svg);
  drawBars(svg);
  drawEffects(svg);
  drawClocks(svg);
  svg.append(cursor);
  into.replaceChildren(svg);
  return leftOut;
}

function drawCursor(into, event) {
  const cursor = into.querySelector(".cursor");
  const left = x(ofEvent(event)).toFixed(1);
  cursor.setAttribute("x1", left);
  cursor.setAttribute("x2", left);
}
