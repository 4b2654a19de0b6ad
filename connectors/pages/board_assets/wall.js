// On a wall screen: nothing to touch, larger marks, the time of day, and a screen that never sleeps.
import { now } from "./setup.js";

export const wall = document.body.classList.contains("wall");
const SECOND = 1000;

// How much larger than on a desk things are drawn on the map.
export const scale = () => (wall ? parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 : 1);

// A case number without the code of the region, which all cases of a wall screen share.
export function short(number) {
  const region = `${document.body.dataset.region}-`;
  return wall && number.startsWith(region) ? number.slice(region.length) : number;
}

export function hang() {
  time();
  awake();
  document.addEventListener("visibilitychange", awake);
}

function time() {
  const clock = document.getElementById("clock"), at = now();
  const said = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: clock.dataset.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
  if (clock.textContent !== said) clock.textContent = said;
  setTimeout(time, SECOND);
}

async function awake() {
  if (document.hidden) return; // the browser lets go of it then
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // not over plain http, or not in this browser: the screen's own settings have to do
  }
}
