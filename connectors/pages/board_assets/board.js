// The live board: everything is drawn from the open cases, which the live stream keeps up to date.
import { tick } from "./clock.js";
import { listen } from "./live.js";
import { add } from "./board-events.js";
import { draw } from "./board-lists.js";
import { change, show } from "./board-map.js";
import { follow, load, take } from "./open-cases.js";
import { keep, renew } from "./board-parts.js";
import { say } from "./setup.js";
import { hang, wall } from "./wall.js";

const EVERY = 250, ALWAYS = 15000; // what is soon becomes late without any change
let mapped = false, drawing = false, stale = false;

document.documentElement.classList.add("scripted");
tick();
if (wall) hang();
start();

async function start() {
  const box = document.getElementById("map");
  show(box).then(
    () => {
      mapped = true;
      changed();
    },
    () => {
      box.className = "notice plain";
      box.textContent = say("no_map");
    },
  );
  await follow(changed);
  listen({ state, reset, change: happened });
  setInterval(changed, ALWAYS);
  keep();
}

function happened(event) {
  const own = take(event);
  if (own) add(event);
  renew(event, own);
}

function reset() {
  load();
  renew();
}

function changed() {
  change();
  stale = true;
  if (!drawing) lists();
}

// Many changes are one picture here, too.
async function lists() {
  drawing = true;
  try {
    while (stale) {
      await new Promise((go) => { setTimeout(go, EVERY); });
      stale = false;
      await draw(mapped && !wall);
    }
  } finally {
    drawing = false;
  }
}

function state(now) {
  const live = document.getElementById("live");
  live.className = `quiet ${now === "live" ? "on" : "off"}`;
  live.textContent = say(now === "live" ? "live" : "live_lost");
}
