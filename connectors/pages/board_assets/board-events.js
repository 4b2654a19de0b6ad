// What just happened, newest first; many at once become one line, so that a storm does not flicker.
import { name } from "./open-cases.js";
import { element, linked } from "./board-lists.js";
import { say } from "./setup.js";
import { short, wall } from "./wall.js";

const SHOWN = wall ? 3 : 30, EVERY = 1000, MOST = wall ? 2 : 8;
let waiting = [], timer = null;

export function add(event) {
  if (!event.number) return;
  waiting.push(event);
  timer ??= setTimeout(draw, waiting.length > 1 ? EVERY : 50);
}

function draw() {
  timer = null;
  const left = waiting.length - MOST;
  const lines = waiting.slice(-MOST).reverse().map(line);
  if (left > 0) lines.push(element("li", say("more_events", { n: left }), "quiet"));
  waiting = [];
  const list = document.getElementById("events");
  list.prepend(...lines);
  while (list.children.length > SHOWN) list.lastElementChild.remove();
}

function line(event) {
  const item = element("li"), link = linked(event.number), time = element("time", clock(event.t_ms));
  time.dateTime = new Date(event.t_ms).toISOString();
  const what = event.case ? name("category", event.case.category) : "";
  link.append(element("b", say(`event_${event.type}`)), " ", element("span", [what, short(event.number)].filter(Boolean).join(" · ")));
  item.append(time, " ", link);
  return item;
}

function clock(t_ms) {
  const zone = document.getElementById("events").dataset.zone;
  return new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(t_ms);
}
