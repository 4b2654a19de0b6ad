// All open cases of the board: fetched once, then kept up to date by each change that the live stream brings.
import { drawn } from "./datum.js";
import { now } from "./setup.js";

const HOUR = 3600000;
const SOON = 2 * HOUR;
const PAUSE = 10000;
const RUNNING = new Set(["dispatched", "acknowledged", "rework", "reopened", "returned"]);
const OVER = new Set(["closed", "refused", "merged", "moved"]);
const wanted = new URLSearchParams(location.search);

export let truncated = false; // there are more open cases than the server sends
export const cases = new Map(); // number to { number, lon, lat, state, category, assignee, department, raised, due_ms, submitted_ms }
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
  meanwhile = [];
  try {
    const answer = await fetch(`/board/cases${location.search}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const { fields, rows, names: more, truncated: cut } = await answer.json();
    truncated = cut;
    cases.clear();
    for (const row of rows) {
      const one = {};
      fields.forEach((field, i) => { one[field] = row[i]; });
      put(one);
    }
    for (const kind of Object.keys(names)) Object.assign(names[kind], more[kind]);
    meanwhile.forEach(apply);
  } catch {
    later(PAUSE);
  }
  meanwhile = null;
  heard();
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
  else put({
    number: the.number, lon: the.place?.lon ?? null, lat: the.place?.lat ?? null, state: the.state, category: the.category,
    assignee: the.assignee ?? null, department: the.department?.code ?? null, raised: the.raised ?? 0, due_ms: the.due_ms ?? null,
    submitted_ms: the.submitted_ms,
  });
  if (the.assignee && !(the.assignee in names.assignee))
    later(Math.max(1000, asked + PAUSE - Date.now()));
}

function put(one) {
  one.at = one.lon === null ? null : unit(one.lon, one.lat);
  cases.set(one.number, one);
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
