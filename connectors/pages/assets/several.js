// The supervisor's list: choosing several cases, all at once or one by one. It is loaded beside what every page does.
import "./page.js";
import { notify, say } from "./setup.js";

const BOX = ".choose input";
const boxes = () => [...document.querySelectorAll(BOX)];
const chosen = (part) => part?.querySelector(`${BOX}:checked`);

function count() {
  const n = boxes().filter((box) => box.checked).length;
  document.getElementById("chosen").textContent = n ? say("chosen", { n }) : "";
}

// What somebody chose stays chosen, with what they saw of it then: the rules compare that with the case.
// Nobody chose what just came.
function drawn({ target, detail: before }) {
  const fresh = target.querySelector(BOX), box = chosen(before);
  if (box) fresh?.replaceWith(box);
  else if (fresh && !before) fresh.checked = false;
}

// A chosen case that is no longer in the list stays until it is sent or given up.
function leaving(event) {
  const part = event.target;
  if (!chosen(part)) return;
  event.preventDefault();
  if (part.querySelector(".gone")) return;
  const note = document.createElement("p");
  note.className = "gone";
  note.textContent = say("gone");
  part.append(note);
}

// What the server would refuse is asked for here, so that the choice is not lost.
function ask(form) {
  for (const [name, act] of [["to", "assign"], ["category", "correct"]]) {
    const field = form.elements[name]; // not everybody may assign
    if (field) field.required = form.elements.act.value === act;
  }
}

function check(event) {
  if (boxes().some((box) => box.checked)) return;
  event.preventDefault();
  notify(say("nothing"), "bad");
}

if (document.getElementById("chosen")) {
  const form = document.getElementById("several");
  form.addEventListener("change", () => ask(form));
  form.addEventListener("submit", check);
  document.addEventListener("drawn", drawn);
  document.addEventListener("leaving", leaving);
  document.addEventListener("change", (event) => event.target.matches(BOX) && count());
  document.getElementById("all").addEventListener("click", () => {
    const all = boxes(), rest = all.some((box) => !box.checked);
    all.forEach((box) => (box.checked = rest));
    count();
  });
  count();
}
