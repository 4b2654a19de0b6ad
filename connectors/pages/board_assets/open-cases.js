// All open cases of the board: fetched once, then kept up to date by each change that the live stream brings.
import { drawn } from "./datum.js";
import { now } from "./setup.js";

const HOUR = 3600000;
const SOON = 2 * HOUR;
const PAUSE = 10000;
const SLICE = 8; // ms of work on a list before the page may draw and hear again
const RUNNING = new Set(["dispatched", "acknowledged", "rework", "reopened", "returned"]);
const OVER = new Set(["closed", "refused", "merged", "moved"]);
const NOWHERE = [NaN, NaN]; // is in sight of no map
const wanted = new URLSearchParams(location.search);

export let truncated = false; // there are more open cases than the server sends
export let cases = new Map(); // number to { number, lon, lat, state, category, assignee, department, raised, due_ms, submitted_ms, x, y }
const names = { category: {}, assignee: {}, department: {}, raised: {} };
let heard = () => {}, timer = null, asked = 0, meanwhile = null; // changes that came while the cases were fetched

// Calls `changed` after every load and change.
export async function follow(changed) {
  heard = changed;
  await load();
}

export async function load() {
  clearTimeout(timer);
  timer = null;
  asked = Date.now();
  const mine = meanwhile = [];
  try {
    const answer = await fetch(`/board/cases${location.search}`, { headers: { Accept: "application/x-ndjson" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const lines = linesOf(answer.body), head = (await lines.next()).value;
    const fresh = await made(head.fields, lines);
    if (meanwhile !== mine) return; // another load began after this one
    truncated = head.truncated;
    cases = fresh;
    for (const kind of Object.keys(names)) Object.assign(names[kind], head.names[kind]);
    mine.forEach(apply);
  } catch {
    if (meanwhile !== mine) return;
    later(PAUSE);
  }
  meanwhile = null;
  heard();
}

// What was drawn before stays until all of it is there.
async function made(fields, lines) {
  const fresh = new Map();
  let until = performance.now() + SLICE;
  for await (const rows of lines) {
    for (const row of rows) {
      const one = {};
      for (let i = 0; i < fields.length; i += 1) one[fields[i]] = row[i];
      put(fresh, one);
    }
    if (performance.now() < until) continue;
    await breath();
    until = performance.now() + SLICE;
  }
  return fresh;
}

// Lets the page draw and hear in between.
export const breath = () => new Promise((go) => { setTimeout(go); });

// The JSON values of an answer that has one in each line, as they come.
async function* linesOf(body) {
  const reader = body.getReader(), decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    const lines = (rest + decoder.decode(value, { stream: !done })).split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
    if (done) return;
  }
}

function later(ms) {
  if (timer === null) timer = setTimeout(load, ms + Math.random() * ms); // not all pages at once
}

// One event of the stream, with the case as it is now; whether the page is about it.
export function take(event) {
  if (!event.case) return false;
  meanwhile?.push(event.case);
  apply(event.case);
  heard();
  return fits(event.case);
}

function apply(the) {
  if (OVER.has(the.state) || !fits(the)) cases.delete(the.number);
  else put(cases, {
    number: the.number, lon: the.place?.lon ?? null, lat: the.place?.lat ?? null, state: the.state, category: the.category,
    assignee: the.assignee ?? null, department: the.department?.code ?? null, raised: the.raised ?? 0, due_ms: the.due_ms ?? null,
    submitted_ms: the.submitted_ms,
  });
  if (the.assignee && !(the.assignee in names.assignee))
    later(Math.max(1000, asked + PAUSE - Date.now()));
}

function put(into, one) {
  [one.x, one.y] = one.lon === null ? NOWHERE : unit(one.lon, one.lat);
  into.set(one.number, one);
}

// Where it is on the square of the whole world, as web maps draw it, so that drawing only adds and multiplies.
export function unit(lon84, lat84) {
  const [lon, lat] = drawn(lon84, lat84);
  const sine = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

function fits(the) {
  const has = { department: the.department?.code, category: the.category, grid: the.place?.grid };
  return Object.entries(has).every(([name, value]) => !wanted.get(name) || wanted.get(name) === value);
}

export function name(kind, id) {
  return names[kind][id] ?? id;
}

export function kindOf(one, at = now()) {
  if (one.state === "resolved" || one.state === "suspended") return one.state;
  if (!RUNNING.has(one.state)) return "waiting";
  if (one.due_ms === null || one.due_ms >= at + SOON) return "running";
  return one.due_ms < at ? "late" : "soon";
}
