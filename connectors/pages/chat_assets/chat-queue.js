// What is sent: stored on the phone first, then sent one by one, and again until the server has it.
(function (chat) {
  "use strict";
  const { setup, say, address, fresh, pause, tell, shown, echo, status, withdrawn, edited, pressed, quoted } = chat;
  const RETRY_MS = 3000, LONGEST_MS = 30000;
  let count = 0, sending = false, again = RETRY_MS, wake = null;

  const store = (function () {
    const memory = new Map();
    let opened = null;
    function open() {
      if (opened) return opened;
      opened = new Promise((done) => {
        let request;
        try {
          request = indexedDB.open("chat" + (setup.as ? "-" + setup.as : ""), 1);
        } catch (_) {
          done(null);
          return;
        }
        request.onupgradeneeded = () => request.result.createObjectStore("queue", { keyPath: "id" });
        request.onsuccess = () => done(request.result);
        request.onerror = request.onblocked = () => done(null);
      });
      return opened;
    }
    async function work(mode, action) {
      const db = await open();
      if (!db) return undefined;
      return new Promise((done, fail) => {
        const changing = db.transaction("queue", mode);
        const request = action(changing.objectStore("queue"));
        changing.oncomplete = () => done(request.result);
        changing.onerror = changing.onabort = () => fail(changing.error);
      });
    }
    return {
      async add(item) {
        memory.set(item.id, item);
        try {
          const plain = Object.assign({}, item);
          delete plain.local;
          if ((await work("readwrite", (queue) => queue.put(plain))) === undefined) tell(say("memory"));
        } catch (_) {
          tell(say("memory")); // private browsing, or no room left
        }
      },
      async remove(id) {
        memory.delete(id);
        try {
          await work("readwrite", (queue) => queue.delete(id));
        } catch (_) {
          return;
        }
      },
      async load() {
        try {
          ((await work("readonly", (queue) => queue.getAll())) || []).forEach((item) => memory.set(item.id, item));
        } catch (_) {
          return;
        }
      },
      first: () => Array.from(memory.values()).sort((a, b) => a.t_ms - b.t_ms || a.n - b.n)[0],
      all: () => Array.from(memory.values()).sort((a, b) => a.t_ms - b.t_ms || a.n - b.n),
    };
  })();

  function send(fields, file) {
    const item = { id: fresh(), t_ms: Date.now(), n: (count += 1), fields: fields, blob: file || null };
    const quotes = (fields.kind === "wrote" || file) && quoted();
    if (quotes) fields.quotes = quotes;
    echo(item);
    store.add(item).then(flush);
    if (fields.kind === "withdrawn") withdrawn(fields.of);
    if (fields.kind === "edited") edited(fields);
    if (fields.kind === "pressed") pressed(fields);
  }

  async function flush() {
    if (sending) return;
    sending = true;
    for (let item = store.first(); item; item = store.first()) {
      const wait = await post(item);
      if (!wait) continue;
      await Promise.race([pause(wait), new Promise((done) => (wake = done))]);
    }
    sending = false;
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
    await store.remove(item.id);
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

  // Try again now.
  function hurry() {
    if (wake) wake();
  }

  // What waited when the page was closed.
  async function load() {
    await store.load();
    store.all().forEach(echo);
  }

  Object.assign(chat, { send, flush, hurry, load, lost });
})((window.chat = window.chat || {}));
