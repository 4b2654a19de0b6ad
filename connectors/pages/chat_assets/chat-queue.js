// What is sent: one by one, and again until the server has it.
(function (chat) {
  "use strict";
  const { setup, say, address, fresh, tell, shown, echo, status, done, quoted } = chat;
  const RETRY_MS = 3000, LONGEST_MS = 30000;
  let count = 0, again = RETRY_MS;

  const queue = chat.queue({ name: "chat" + (setup.as ? "-" + setup.as : ""), post: post, unstored: () => tell(say("memory")) });

  function send(fields, file) {
    const item = { id: fresh(), t_ms: Date.now(), n: (count += 1), fields: fields, blob: file || null };
    const quotes = (fields.kind === "wrote" || file) && quoted();
    if (quotes) fields.quotes = quotes;
    echo(item);
    queue.add(item).then(() => done(fields)); // shown as done once it would survive a reload
  }

  // Zero when the message is dealt with, else the milliseconds after which to try again.
  async function post(item) {
    const body = new FormData();
    Object.keys(item.fields).forEach((name) => body.append(name, item.fields[name]));
    body.append("lang", setup.lang);
    if (item.blob) body.append("file", item.blob, /^audio/.test(item.blob.type) ? "voice" : "photo.jpg");
    let answer, told = {};
    try {
      answer = await fetch(address("/messages", { id: item.id }), { method: "POST", body: body, credentials: "same-origin" });
      told = await answer.json();
    } catch (_) {
      chat.state("off");
      again = Math.min(again * 1.5, LONGEST_MS);
      return again;
    }
    again = RETRY_MS;
    if (answer.status === 401) return lost(told.message);
    if (answer.status === 429 || answer.status >= 500) return Number(answer.headers.get("Retry-After")) * 1000 || RETRY_MS;
    const article = shown.get(item.id);
    if (answer.status === 202) {
      if (article) status(article, "sent");
      chat.sent();
    } else if (article) {
      status(article, "failed", told.message);
      tell(told.message, true);
    }
    return 0;
  }

  // The cookie is gone: the page gives a new one. Once only, for a browser that takes no cookies.
  function lost(words) {
    try {
      if (sessionStorage.getItem("again")) throw new Error("in vain");
      sessionStorage.setItem("again", "1");
      location.reload();
    } catch (_) {
      tell(words, true);
    }
    return LONGEST_MS;
  }

  // What waited when the page was closed.
  async function load() {
    (await queue.load()).forEach(echo);
  }

  Object.assign(chat, { send, flush: queue.flush, hurry: queue.hurry, load, lost });
})((window.phone = window.phone || {}));
