// Keeps what is shown fresh: after changes it asks the server for this page again and puts the new parts in place.
// The server alone draws; what somebody is writing in is left alone until they are done.
import { notify, say } from "./setup.js";

const SOON = 150, PAUSE = 600, STORM = 2000, STORM_CHANGES = 30, POLL = 3000, FEW = 5, DOWN = 200;
const waiting = new Map(); // id of an act or report to the function that hears what became of it
const known = new WeakMap(); // element to its markup as the server drew it
let changes = 0, opened = 0, asked = 0, timer = null, showAll = false, announced = false;

export function heard(id) {
  return new Promise((resolve) => waiting.set(id, resolve));
}

export function follow(listen) {
  parts(document).forEach(([part]) => remember(part));
  listen({ change, reset, state });
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  document.addEventListener("focusout", () => setTimeout(() => document.querySelector("[data-stale]") && refresh(), 300));
  document.getElementById("fresh")?.addEventListener("click", show);
  setInterval(() => document.querySelector(".pending") && refresh(), POLL);
}

function change(event) {
  changes += 1;
  if (event.type === "opened") opened += 1;
  const resolve = waiting.get(event.command);
  if (resolve) {
    waiting.delete(event.command);
    resolve(event);
  }
  if (concerns(event)) refresh();
}

// A page of one case, or of one person's cases, need not ask about the rest of the city.
function concerns(event) {
  const page = document.body.classList;
  if (!event.number) return true; // an absence, or another rulebook
  if (page.contains("case")) return location.pathname.endsWith(encodeURIComponent(event.number)) || seen(event.number);
  const own = ["reporter", "handler", "proposals", "push"].some((name) => page.contains(name));
  if (own) return seen(event.number) || mine(event.case);
  return true;
}

function seen(number) {
  return [...document.querySelectorAll("[data-case], [data-master]")].some(
    (part) => part.dataset.case === number || part.dataset.master === number,
  );
}

function mine(the) {
  const me = document.querySelector("[data-me]")?.dataset.me;
  const also = document.querySelector("[data-for]")?.dataset; // for whom one stands in, and one's desk
  const people = [me, ...(also?.for.split(" ") ?? [])].filter(Boolean);
  if (the && also?.desk && the.department?.code === also.desk) return true;
  if (the && also?.desk && the.assists?.some((one) => one.department.code === also.desk)) return true;
  if (the?.offer) return true;
  return the && people.some((one) => [the.assignee, the.executor, the.reporter].includes(one));
}

function reset() {
  if (busy(document.body)) refresh();
  else location.reload();
}

function state(name) {
  const live = document.getElementById("live");
  if (!live) return;
  live.className = `quiet ${name === "live" ? "on" : "off"}`;
  live.textContent = say(name === "live" ? "live" : "live_lost");
}

export function refresh() {
  if (timer === null) timer = setTimeout(ask, Math.max(SOON, asked + (changes > STORM_CHANGES ? STORM : PAUSE) - Date.now()));
}

// Now, not soon.
export async function ask() {
  clearTimeout(timer);
  timer = null;
  if (document.hidden) return;
  asked = Date.now();
  changes = 0;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok) place(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    setTimeout(refresh, POLL); // no connection: the live stream says so
  }
  asked = Date.now();
}

function place(page) {
  for (const [part, name] of parts(page)) {
    const here = document.getElementById(name);
    if (!here) continue;
    if ("list" in part.dataset) merge(here, part);
    else swap(here, part);
  }
  const again = page.getElementById("counters")?.dataset.again;
  if (again) setTimeout(refresh, Number(again)); // it was counted before the last change
  summary();
}

const parts = (page) => [...page.querySelectorAll("[data-live], [data-list]")].map((part) => [part, part.id]);

function remember(part) {
  known.set(part, drawn(part));
  if ("list" in part.dataset) for (const child of part.children) known.set(child, drawn(child));
}

// The markup without what the page's own clocks write.
function drawn(part) {
  const copy = part.cloneNode(true);
  copy.querySelectorAll("[data-due]").forEach((clock) => {
    clock.className = "clock";
    clock.querySelector(".said").textContent = "";
    clock.querySelector(".icon")?.remove();
  });
  return copy.outerHTML;
}

function swap(here, part) {
  if (known.get(here) === drawn(part)) return;
  if (busy(here)) {
    if (!here.dataset.stale) notify(say("changed"));
    here.dataset.stale = "1";
    return;
  }
  const open = [...here.querySelectorAll("details")].map((one) => one.open);
  const focus = here.contains(document.activeElement) ? document.activeElement.id : "";
  const fresh = document.importNode(part, true);
  here.replaceWith(fresh);
  remember(fresh);
  tell("drawn", fresh, here);
  const details = fresh.querySelectorAll("details");
  if (details.length === open.length) details.forEach((one, i) => (one.open = open[i]));
  if (focus) document.getElementById(focus)?.focus();
}

// A list by the ids of its parts: old ones stay where they are, gone ones go, new ones come or wait for a tap.
function merge(here, list) {
  const arrived = [...list.children].filter((child) => !document.getElementById(child.id));
  const first = here.dataset.list === "newest" && here.querySelector("[data-case]");
  const many = arrived.length > FEW || scrollY > DOWN || here.contains(document.activeElement);
  const hold = first && many && !showAll && arrived.length > 0;
  const held = new Set(hold ? arrived.map((child) => child.id) : []);
  button(hold ? Math.max(opened, arrived.length) : 0);
  const wanted = [...list.children].filter((child) => !held.has(child.id));
  const stay = new Set(wanted.map((child) => child.id));
  [...here.children].forEach((child) => stay.has(child.id) || busy(child) || (hold && child.dataset.case) || !tell("leaving", child) || child.remove());
  let before = null;
  for (const child of wanted) {
    const old = document.getElementById(child.id);
    if (old) swap(old, child);
    else {
      const fresh = document.importNode(child, true);
      known.set(fresh, drawn(fresh));
      fresh.classList.add("arrived");
      here.append(fresh);
      tell("drawn", fresh);
    }
    const one = document.getElementById(child.id);
    const next = before ? before.nextElementSibling : here.firstElementChild;
    if (one !== next && !one.contains(document.activeElement)) here.insertBefore(one, next);
    before = one;
  }
  showAll = false;
}

// Other scripts may carry something over from the part before, or keep a part.
const tell = (name, part, before = null) => part.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail: before }));

function button(count) {
  const fresh = document.getElementById("fresh");
  if (!fresh) return;
  if (!count) opened = 0;
  fresh.hidden = count === 0;
  fresh.textContent = count ? say("fresh", { n: count }) : "";
}

function show() {
  showAll = true;
  opened = 0;
  document.getElementById("fresh").blur();
  refresh();
}

export function busy(part) {
  const focus = document.activeElement;
  if (focus && part.contains(focus) && focus.matches("textarea, select, input:not([type=checkbox])") && focus.value) return true;
  return [...part.querySelectorAll("form.act")].some((form) => form.dataset.dirty);
}

// One line for screen readers, not more often than every few seconds.
function summary() {
  const counts = document.querySelectorAll("#counters b");
  const live = document.getElementById("live");
  if (!counts.length || announced || !live) return;
  announced = true;
  setTimeout(() => (announced = false), 5000);
  live.setAttribute("role", "status");
  live.textContent = `${say("live")} · ${say("summary", { open: counts[0].textContent, late: counts[1].textContent })}`;
}
