// The live stream: one connection per page, continued by the browser, closed when the page goes away.
import { after } from "./setup.js";

const AGAIN = 2000 + Math.random() * 2000; // after a restart not all at once
let source = null;
let last = after;
let hear = null;

export function listen(hearer) {
  hear = hearer;
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
  open();
}

function close() {
  source?.close();
  source = null;
}

function open() {
  close();
  source = new EventSource(`/api/changes${last ? `?after=${encodeURIComponent(last)}` : ""}`);
  source.onopen = () => hear.state("live");
  source.onerror = () => {
    hear.state("lost");
    if (source?.readyState === EventSource.CLOSED) setTimeout(() => source && open(), AGAIN);
  };
  source.addEventListener("hello", seen);
  source.addEventListener("change", (event) => {
    seen(event);
    hear.change(JSON.parse(event.data));
  });
  source.addEventListener("reset", (event) => {
    seen(event);
    hear.reset();
  });
}

function seen(event) {
  if (event.lastEventId) last = event.lastEventId;
}
