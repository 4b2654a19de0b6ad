// The live stream, continued where it stopped. Where it can, one page of a browser holds the connection for all.
import { after } from "./setup.js";

const AGAIN = 2000 + Math.random() * 2000; // after a restart not all at once
const KEPT = 1000, NAME = "grid36-live", me = Math.random();
const channel = navigator.locks && window.BroadcastChannel ? new BroadcastChannel(NAME) : null;
let source = null, last = after, hear = null, letGo = null, state = "lost", recent = [];

export function listen(hearer) {
  hear = hearer;
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => event.persisted && start());
  if (channel) channel.onmessage = ({ data }) => passed(data);
  start();
}

const pass = (message) => channel?.postMessage(message);

function start() {
  if (!channel) return open();
  pass({ want: last, from: me });
  navigator.locks.request(NAME, () => {
    open();
    pass({ at: last });
    return new Promise((release) => (letGo = release));
  });
}

function stop() {
  source?.close();
  source = null;
  letGo?.();
}

function open() {
  source?.close();
  source = new EventSource(`/api/changes${last ? `?after=${encodeURIComponent(last)}` : ""}`);
  source.onopen = () => say("live");
  source.onerror = () => {
    say("lost");
    if (source?.readyState === EventSource.CLOSED) again();
  };
  for (const name of ["hello", "change", "reset"]) source.addEventListener(name, came);
}

// It was refused: for a while, or because its reader is no longer signed in. Then the page leads to signing in.
async function again() {
  const cut = new AbortController();
  const status = await fetch("/api/changes", { signal: cut.signal }).then((answer) => answer.status, () => 0);
  cut.abort();
  if (status === 401) say("over");
  else setTimeout(() => source && open(), AGAIN);
}

function came({ type: name, data, lastEventId: id }) {
  const event = { name, data, id };
  recent = [...(name === "reset" ? [] : recent), event].slice(-KEPT);
  pass({ event });
  take(event);
}

function say(now) {
  state = now;
  pass({ now });
  if (now === "over") location.reload();
  else hear.state(now);
}

// From another page: what it wants, if this one holds the connection; else what that one was sent.
function passed({ event, events, now, want, from, to, at }) {
  if (source && want !== undefined) return pass({ to: from, events: missed(want), now: state });
  if (source || (to && to !== me)) return;
  (events ?? (event ? [event] : [])).forEach(take);
  if (now === "over") location.reload();
  else if (now) hear.state(now);
  if (at && newer(at, last)) pass({ want: last, from: me });
}

// After a position; if it is no longer known, the page begins anew.
function missed(want) {
  if (!newer(last, want)) return [];
  const at = recent.findIndex((event) => event.id === want);
  return at < 0 ? [{ name: "reset", id: last }] : recent.slice(at + 1);
}

function take({ name, data, id }) {
  if (name === "change" && !newer(id, last)) return; // it is on the page already
  if (id) last = id;
  if (name === "change") hear.change(JSON.parse(data));
  if (name === "reset") hear.reset();
}

// `epoch:sequence`; another epoch is newer than all that is known.
function newer(id, than) {
  const [epoch, n] = id.split(":"), [other, m] = than.split(":");
  return epoch !== other || +n > +m;
}
