// Forms go to the API: "received" is said only after it said so, and a repeated try carries the same id.
import { ask, heard, refresh } from "./fresh.js";
import { notify, say } from "./setup.js";

const tries = new WeakMap(); // form to what was last tried, for a repetition after a lost connection

export function take() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.act")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form.act");
    if (form) form.dataset.dirty = "1";
  });
  document.addEventListener("change", (event) => event.target.type === "file" && shots(event.target));
}

function shots(input) {
  const here = input.closest("label").querySelector(".shots");
  here.querySelectorAll("img").forEach((old) => URL.revokeObjectURL(old.src));
  here.replaceChildren(
    ...[...input.files].map((file) => {
      const picture = new Image();
      picture.src = URL.createObjectURL(file);
      picture.alt = file.name;
      return picture;
    }),
  );
}

async function send(form, button) {
  const address = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action"), location.href).pathname;
  const fields = read(form, button);
  const said = [...fields].filter(([name]) => name !== "seen"); // the page may know more by the second try
  const content = JSON.stringify([address, said.map(([name, value]) => [name, value.name ?? value, value.size])]);
  const last = tries.get(form);
  const id = last?.content === content ? last.id : fresh();
  tries.set(form, { content, id });
  fields.set("id", id);
  const buttons = form.querySelectorAll("button");
  buttons.forEach((one) => (one.disabled = true));
  const note = notify(say("sending"));
  try {
    const answer = await fetch(`/api${address.replace("/case/", "/cases/").replace("/reporter", "")}`, { method: "POST", body: fields });
    const result = await answer.json();
    note.remove();
    if (answer.status === 202) accepted(form, result, id);
    else refused(form, result);
  } catch {
    note.remove();
    notify(say("unsent"), "bad");
  }
  buttons.forEach((one) => (one.disabled = false));
}

function read(form, button) {
  const fields = new FormData(form);
  if (button?.name) fields.set(button.name, button.value);
  for (const [name, value] of [...fields]) {
    if (value instanceof File ? !value.size && !value.name : !value.trim()) fields.delete(name);
  }
  const box = form.querySelector("[name=fixed]");
  if (box && !box.checked) fields.delete("after_photos");
  return fields;
}

async function accepted(form, result, id) {
  tries.delete(form);
  form.reset();
  delete form.dataset.dirty;
  form.querySelectorAll(".shots").forEach((here) => here.replaceChildren());
  form.dispatchEvent(new CustomEvent("sent"));
  form.closest("details")?.removeAttribute("open");
  if (result.report) {
    notify(say("received"), "good");
    const here = new URL(location.href);
    here.searchParams.append("report", result.report);
    history.replaceState(null, "", here);
    await ask();
    document.getElementById(`r-${result.report}`)?.scrollIntoView({ block: "start" });
    return;
  }
  const waiting = notify(say("deciding"));
  const event = await heard(id);
  waiting.remove();
  refresh();
  if (event.type !== "action_refused" && event.type !== "command_parked") notify(say("done"), "good");
  else notify(say("refused", { why: event.because?.[document.documentElement.lang === "en" ? "en" : "zh"] ?? "" }), "bad");
}

function refused(form, result) {
  tries.delete(form);
  notify((result.faults ?? [result]).map((fault) => fault.message).join("\n"), "bad");
  const wrong = form.querySelector(`[name="${CSS.escape(result.where ?? "")}"]`);
  wrong?.focus();
}

function fresh() {
  return `w-${[...crypto.getRandomValues(new Uint8Array(10))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
