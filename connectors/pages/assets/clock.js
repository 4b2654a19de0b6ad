// Clocks run on in the page: what is left, or how late; a hidden page rests.
import { now, say, span } from "./setup.js";

const HOUR = 3600000;

export function tick() {
  if (!document.hidden) document.querySelectorAll("[data-due]").forEach(draw);
  setTimeout(tick, 1000);
}

function draw(clock) {
  const left = Number(clock.dataset.due) - now();
  const kind = left < 0 ? "late" : left < HOUR ? "soon" : "calm";
  const text = say(left < 0 ? "late" : "left", { t: span(left) });
  const said = clock.querySelector(".said");
  if (said.textContent !== text) said.textContent = text;
  if (!clock.classList.contains(kind)) clock.className = `clock ${kind}`;
  const word = left < 0 && clock.parentNode.querySelector("[data-late]");
  if (word) [word.textContent, word.className] = [word.dataset.late, "chip late"];
}
