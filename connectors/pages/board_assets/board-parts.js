// The parts of the board that only the server can draw: it is asked for them now and then, and soon after a whistle.
const OFTEN = 300000, SOON = 10000, LATER = 30000;
const PARTS = ["panel-called", "panel-calls", "panel-repeats", "unowned", "today"];
const CALLS = new Set(["whistled", "reported_in", "report_in_missed", "cover_set"]);
const ENDS = new Set(["resolved", "rework_ordered", "reopened"]); // what was in time today has changed
let timer = null, due = 0;

export function keep() {
  plan(OFTEN);
}

// After an event that changes them, or without one after a gap in the stream.
export function renew(event, own) {
  if (!event || CALLS.has(event.type)) plan(SOON);
  else if (own && ENDS.has(event.type) && document.getElementById("today")) plan(LATER);
}

// Once, at the earliest of the times asked for; not all pages at once.
function plan(ms) {
  const at = Date.now() + ms * (1 + Math.random());
  if (timer !== null && at >= due) return;
  clearTimeout(timer);
  due = at;
  timer = setTimeout(ask, at - Date.now());
}

async function ask() {
  timer = null;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok) place(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // no connection: the live stream says so
  }
  plan(OFTEN);
}

function place(page) {
  for (const id of PARTS) {
    const here = document.getElementById(id), fresh = page.getElementById(id);
    if (!here || !fresh || here.innerHTML === fresh.innerHTML || here.contains(document.activeElement)) continue;
    here.replaceWith(document.importNode(fresh, true));
  }
}
