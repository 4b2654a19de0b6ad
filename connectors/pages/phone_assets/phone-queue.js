// What waits on the phone: stored there first, then sent one by one in order, until the server has each.
(function (phone) {
  "use strict";

  // What is stored: in IndexedDB, and in memory where there is none (private windows, some web views).
  function storing(name, unstored) {
    const memory = new Map();
    let opened = null;
    function open() {
      if (opened) return opened;
      opened = new Promise((done) => {
        let request;
        try {
          request = indexedDB.open(name, 1);
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
          if ((await work("readwrite", (queue) => queue.put(plain))) === undefined) unstored();
        } catch (_) {
          unstored(); // private browsing, or no room left
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
      all: () => Array.from(memory.values()).sort((a, b) => a.t_ms - b.t_ms || a.n - b.n),
    };
  }

  // Items are `{id, t_ms, n, ...}`. `post(item)` gives zero when the item is dealt with, else the milliseconds after
  // which to try again; `unstored()` is called where an item is lost if the page is closed.
  function queue(of) {
    const store = storing(of.name, of.unstored);
    let sending = false, wake = null;

    async function flush() {
      if (sending) return;
      sending = true;
      for (let item = store.all()[0]; item; item = store.all()[0]) {
        const wait = await of.post(item);
        if (wait) await Promise.race([phone.pause(wait), new Promise((done) => (wake = done))]);
        else await store.remove(item.id);
      }
      sending = false;
    }

    return {
      flush,
      // Fulfilled once the item would survive the page.
      add(item) {
        const stored = store.add(item);
        stored.then(flush);
        return stored;
      },
      // Try again now.
      hurry: () => wake && wake(),
      // What waited when the page was closed.
      load: () => store.load().then(store.all),
    };
  }

  Object.assign(phone, { queue });
})((window.phone = window.phone || {}));
