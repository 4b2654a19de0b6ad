// What the server sent along: its time, where the live stream goes on, and the words of this language.
const setup = JSON.parse(document.getElementById("setup").textContent);

export const after = setup.after;
const ahead = setup.now - Date.now();

export const now = () => Date.now() + ahead;

export function say(key, facts = {}) {
  return setup.words[key].replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
}

export function span(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const minutes = Math.floor(seconds / 60);
  const d = Math.floor(minutes / 1440), h = Math.floor(minutes / 60) % 24, m = minutes % 60;
  if (d) return say("span_days", { d, h });
  if (h) return say("span_hours", { h, m });
  return say("span_minutes", { m, s: seconds % 60 });
}

// A message at the foot of the page, read aloud by screen readers; bad ones stay until they are closed.
export function notify(text, kind = "plain") {
  const box = document.createElement("div");
  box.className = `notice ${kind}`;
  const words = document.createElement("div");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", say("close"));
  close.onclick = () => box.remove();
  box.append(words, close);
  const messages = document.getElementById("messages");
  messages.replaceChildren(...[...messages.children].slice(-1), box);
  if (kind !== "bad") setTimeout(() => box.remove(), 6000);
  return box;
}
