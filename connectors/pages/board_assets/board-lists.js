// The lists and tables beside the map, drawn from the open cases as the server draws them.
import { cases, kindOf, name, truncated } from "./open-cases.js";
import { open } from "./board-map.js";
import { now, say, span } from "./setup.js";
import { short, wall } from "./wall.js";

const SHOWN = 12, HOUR = 3600000;
const ROWS = wall ? { late: 4, soon: 3, departments: 6, oldest: 3 } : {}; // as many as a wall screen has room for
const known = new Map(); // id of a list to what it shows

// A list or table a frame, so that no frame is long.
export async function draw(mapped) {
  const at = now(), late = first("late", due), soon = first("soon", due), oldest = first("oldest", (one) => one.submitted_ms);
  const people = {}, departments = {}, rungs = {};
  let resolved = 0;
  for (const one of cases.values()) {
    const kind = kindOf(one, at);
    if (kind === "late") late.take(one);
    if (kind === "soon") soon.take(one);
    if (kind === "resolved") resolved += 1;
    oldest.take(one);
    count(people, one.assignee, kind);
    count(departments, one.department, kind);
    count(rungs, one.raised, kind);
  }
  totals({ open: cases.size, late: late.all, soon: soon.all, resolved });
  const parts = [
    ...[late, soon, oldest].map((found) => () => list(found, mapped)),
    () => table("people", people, (id) => name("assignee", id)),
    () => table("departments", departments, (code) => name("department", code)),
    () => table("rungs", rungs, (rung) => name("raised", rung)),
  ];
  for (const part of parts) if (part()) await new Promise(requestAnimationFrame);
}

const due = (one) => one.due_ms;

// The earliest cases of all that it is given; the others are only counted.
function first(id, at) {
  const kept = [], most = document.getElementById(id) ? ROWS[id] ?? SHOWN : 0;
  const before = (one, other) => at(one) < at(other) || (at(one) === at(other) && one.number < other.number);
  const found = { id, kept, all: 0, take };
  function take(one) {
    found.all += 1;
    if (kept.length === most && (most === 0 || !before(one, kept[most - 1]))) return;
    let place = kept.length;
    while (place > 0 && before(one, kept[place - 1])) place -= 1;
    kept.splice(place, 0, one);
    if (kept.length > most) kept.pop();
  }
  return found;
}

function totals(counts) {
  for (const [name, count] of Object.entries(counts)) {
    const box = document.querySelector(`[data-total=${name}]`);
    if (box && box.textContent !== String(count)) box.textContent = count;
  }
  document.getElementById("truncated").hidden = !truncated;
}

function count(loads, id, kind) {
  if (id === null) return;
  const load = (loads[id] ??= { open: 0, late: 0 });
  load.open += 1;
  if (kind === "late") load.late += 1;
}

// Whether anything had to be drawn.
function list({ id, kept: shown, all }, mapped) {
  if (!document.getElementById(id)) return false;
  const more = all > shown.length ? say("of", { n: all }) : "";
  const keys = shown.map((one) => JSON.stringify([mapped, one.number, one.due_ms, one.category, one.state]));
  if (same(id, [more, keys])) return false;
  document.querySelector(`#title-${id} small`)?.remove();
  if (more) document.getElementById(`title-${id}`).append(element("small", more));
  const box = document.getElementById(id);
  const focus = box.contains(document.activeElement) ? document.activeElement.dataset.key : "";
  const before = new Map([...box.children].map((item) => [item.dataset.shown, item]));
  const rows = shown.map((one, i) => before.get(keys[i]) ?? row(one, mapped, keys[i]));
  box.replaceChildren(...(rows.length ? rows : [element("li", say("nothing"), "quiet")]));
  if (focus) box.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
  return true;
}

function row(one, mapped, key) {
  const item = element("li");
  item.dataset.shown = key;
  item.dataset.case = one.number;
  const link = linked(one.number);
  link.dataset.key = one.number;
  link.append(element("b", name("category", one.category)), " ", element("span", short(one.number), "number"));
  item.append(link);
  if (one.due_ms !== null && one.state !== "resolved" && one.state !== "suspended") item.append(clock(one.due_ms));
  if (mapped && one.lon !== null) {
    const find = element("button", "", "find");
    find.type = "button";
    find.dataset.key = `find ${one.number}`;
    find.setAttribute("aria-label", say("find", { number: one.number }));
    find.append(icon("pin"));
    find.onclick = () => open(cases.get(one.number) ?? one);
    item.append(find);
  }
  return item;
}

function clock(due_ms) {
  const left = due_ms - now();
  const shown = element("span", "", `clock ${left < 0 ? "late" : left < HOUR ? "soon" : "calm"}`);
  shown.dataset.due = due_ms;
  shown.append(icon(left < 0 ? "late" : "clock"), element("span", say(left < 0 ? "late" : "left", { t: span(left) }), "said"));
  return shown;
}

function table(id, loads, called) {
  if (!document.getElementById(id)) return false;
  const ranked = Object.entries(loads)
    .sort(([a, one], [b, other]) => other.late - one.late || other.open - one.open || (a < b ? -1 : 1))
    .slice(0, ROWS[id] ?? SHOWN);
  if (same(id, ranked.map(([key, load]) => [called(key), load.open, load.late]))) return false;
  const box = document.getElementById(id);
  const focus = box.contains(document.activeElement) ? document.activeElement.dataset.key : "";
  box.replaceChildren(
    ...ranked.map(([key, load]) => {
      const line = element("tr"), head = element("th");
      head.append(box.dataset.to ? way(box.dataset.to, key, called(key)) : called(key));
      head.scope = "row";
      line.append(head, element("td", load.open), element("td", load.late, load.late ? "late" : ""));
      return line;
    }),
  );
  if (focus) box.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
  return true;
}

function way(to, key, text) {
  const link = element("a", text);
  link.href = to + encodeURIComponent(key);
  link.dataset.key = key;
  return link;
}

function same(id, shown) {
  const text = JSON.stringify(shown);
  if (known.get(id) === text) return true;
  known.set(id, text);
  return false;
}

// A link to a case; on a wall screen the place of one.
export function linked(number) {
  if (wall) return element("span", "", "what");
  const link = element("a");
  link.href = `/case/${encodeURIComponent(number)}?role=supervisor`;
  return link;
}

export function element(kind, text = "", name = "") {
  const made = document.createElement(kind);
  if (text !== "") made.textContent = text;
  if (name) made.className = name;
  return made;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `/assets/icons.svg#${name}`);
  svg.append(use);
  return svg;
}
