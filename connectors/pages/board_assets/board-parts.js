// The parts of the board that only the server can draw: it is asked for them now and then, and soon after a whistle.
const OFTEN = 300000, SOON = 10000;
const PARTS = ["panel-called", "panel-repeats", "unowned"];
const CALLS = new Set(["whistled", "reported_in", "report_in_missed", "cover_set"]);
let timer = null, due = 0;

export function keep() {
  plan(OFTEN);
}

// After an event that changes them, or without one after a gap in the stream.
export function renew(event) {
  if (!event || CALLS.has(event.type)) plan(SOON);
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
