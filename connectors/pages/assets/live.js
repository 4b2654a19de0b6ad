// The live stream, continued where it stopped. A browser allows six connections to a server over all its pages: where
// it can, one page holds the connection for all of them, and when that page goes, another one takes over.
import { after } from "./setup.js";

const AGAIN = 2000 + Math.random() * 2000; // after a restart not all at once
const KEPT = 1000; // events that the holding page can repeat for one that has just opened
const SHARED = "grid36-live";
const me = crypto.getRandomValues(new Uint32Array(2)).join("-");
const channel = navigator.locks && "BroadcastChannel" in window ? new BroadcastChannel(SHARED) : null;
let source = null, last = after, hear = null, letGo = null, now = "lost", recent = [];

export function listen(hearer) {
  hear = hearer;
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => event.persisted && start());
  if (channel) channel.onmessage = (message) => passed(message.data);
  start();
}

function start() {
  if (!channel) return open();
  channel.postMessage({ want: last, from: me });
  navigator.locks.request(SHARED, () => new Promise((release) => {
    letGo = release;
    open();
    channel.postMessage({ at: last });
  }));
}

function stop() {
  source?.close();
  source = null;
  letGo?.();
  letGo = null;
}

function open() {
  source?.close();
  source = new EventSource(`/api/changes${last ? `?after=${encodeURIComponent(last)}` : ""}`);
  source.onopen = () => say("live");
  source.onerror = () => {
    say("lost");
    if (source?.readyState === EventSource.CLOSED) setTimeout(() => source && open(), AGAIN);
  };
  for (const name of ["hello", "change", "reset"]) source.addEventListener(name, (event) => came(name, event));
}

// From the server, in the page that holds the connection.
function came(name, { data, lastEventId: id }) {
  const event = { name, data, id };
  if (name === "reset") recent = [];
  recent.push(event);
  recent = recent.slice(-KEPT);
  channel?.postMessage({ event });
  take(event);
}

function say(state) {
  now = state;
  channel?.postMessage({ state });
  hear.state(state);
}

// From another page of this browser.
function passed({ event, events, state, want, from, to, at }) {
  if (source && want !== undefined) return answer(want, from);
  if (source || (to && to !== me)) return;
  if (event) take(event);
  events?.forEach(take);
  if (state) hear.state(state);
  if (at && newer(at, last)) channel.postMessage({ want: last, from: me });
}

// What a page that stands at `want` has missed; if that is no longer known, it begins anew.
function answer(want, to) {
  const missed = recent.findIndex((event) => newer(event.id, want));
  const known = !newer(last, want) || recent.some((event) => event.id === want);
  const events = known ? (missed < 0 ? [] : recent.slice(missed)) : [{ name: "reset", data: "", id: last }];
  channel.postMessage({ to, events, state: now });
}

function take({ name, data, id }) {
  if (name === "change" && !newer(id, last)) return; // it was on the page already
  if (id) last = id;
  if (name === "change") hear.change(JSON.parse(data));
  if (name === "reset") hear.reset();
}

// A position is `epoch:sequence`; one of another epoch is newer than all that the page knows.
function newer(id, than) {
  const [epoch, seq] = id.split(":"), [other, number] = than.split(":");
  return epoch !== other || Number(seq) > Number(number);
}
