"use strict";
// The run behind the page, and what can be asked of it: who was in what state at which event.

const data = JSON.parse(document.getElementById("timeline-data").textContent);
const { lanes, events, bars, messages, texts } = data;
const LAST = events.at.length - 1;
const PART = { client: 0, resource: 1, server: 2 };
const BAR = { belief: 0, grant: 1, work: 2, stopped: 3, down: 4, leads: 5, keeps: 6 };
const BAR_CLASS = ["belief", "grant", "work", "stopped", "down", "leads", "keeps"];
const CLOCK_NAMES = ["wall", "monotonic", "boot"];
const WALL = 0;
const KIND = { lost: 2, lastMessage: 4 };
const LOST = 1;

const bar = (i) => {
  const [kind, lane, name, token, from, to, ended] = bars[i];
  return { kind, lane, name, token, from, to, ended };
};

// By lane and kind, in the order of their beginnings.
const barsOf = lanes.map(() => BAR_CLASS.map(() => []));
bars.forEach(([kind, lane], i) => barsOf[lane][kind].push(i));
const effectsAt = data.effects.map(([event]) => event);

/** The place of the last of the sorted `values` that is at most `limit`; -1: none. */
function lastUpTo(values, limit, value = (v) => v) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value(values[middle]) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const eventBefore = (ns) => Math.max(0, lastUpTo(events.at, ns));

/** The bar of that kind that is open at the event, if one is. */
function openBar(lane, kind, event) {
  const all = barsOf[lane][kind];
  for (let i = lastUpTo(all, event, (b) => bars[b][4]); i >= 0 && i > lastUpTo(all, event, (b) => bars[b][4]) - 4; i--) {
    const found = bar(all[i]);
    if (event < found.to || found.to === LAST) return found;
  }
  return null;
}

/** How far a clock of the lane's host is ahead of true time, between the points where it changed. */
function ahead(lane, ns, clock = WALL) {
  const points = lanes[lane].clocks[clock];
  let i = 0;
  while (i + 2 < points.length && points[i + 2] <= ns) i += 2;
  const [at, value] = [points[i], points[i + 1]];
  if (i + 2 >= points.length || points[i + 2] === at) return value;
  const share = (ns - at) / (points[i + 2] - at);
  return value + share * (points[i + 3] - value);
}

function place(lane, event) {
  const { places } = lanes[lane];
  let low = 0;
  let high = places.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[2 * middle] <= event) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? "" : texts[places[2 * low - 1]];
}

/** Until when, by a clock of its own, the lane trusts the lock or keeps it; null: for ever, or it does not. */
function deadline(lane, event) {
  const { deadlines } = lanes[lane];
  const i = lastUpTo(deadlines, event, ([from]) => from);
  if (i < 0 || deadlines[i][1] < 0) return null;
  const [, clock, reading] = deadlines[i];
  const ns = events.at[event];
  return { clock: CLOCK_NAMES[clock], reading, left: reading - ns - ahead(lane, ns, clock) };
}

const holder = (b) => (b.token ? `${b.name}, token ${b.token}` : b.name);

function duration(ns) {
  const size = Math.abs(ns);
  for (const [unit, name] of [[1e9, "s"], [1e6, "ms"], [1e3, "µs"]]) {
    if (size >= unit) return `${Number((size / unit).toPrecision(3))} ${name}`;
  }
  return `${Math.round(size)} ns`;
}

const seconds = (ns, decimals = 3) => `${(ns / 1e9).toFixed(decimals)} s`;

function aheadText(ns) {
  if (Math.abs(ns) < 1000) return "±0";
  return (ns < 0 ? "−" : "+") + duration(ns);
}

function eventText(event) {
  const [before, peer] = data.phrases[events.kind[event]];
  const text = before + texts[events.text[event]];
  return peer && events.peer[event] >= 0 ? text + peer + lanes[events.peer[event]].name : text;
}

const laneName = (event) => (events.lane[event] < 0 ? "" : lanes[events.lane[event]].name);

function barTitle(b) {
  const who = lanes[b.lane].name;
  const what = [
    `${who} believes that it holds the lock (${holder(b)})`,
    `the lock is granted to ${who} (${holder(b)})`,
    `${who} works (${holder(b)})`,
    `${who} is stopped`,
    `${who} is down`,
    `${who} is ${b.name}`,
    `${who} keeps the lock for ${holder(b)}`,
  ][b.kind];
  const [from, to] = [events.at[b.from], events.at[b.to]];
  return `${what}\n${seconds(from)} to ${seconds(to)}, ${duration(to - from)}; then: ${b.ended}`;
}
