// The chat page. Written for old phones and WeChat's browser: ES2017, one file, no build, nothing assumed beyond fetch.
(function () {
  "use strict";
  const setup = JSON.parse(document.getElementById("setup").textContent);
  const $ = (id) => document.getElementById(id);
  const log = $("log"), lines = $("lines"), pending = $("pending"), text = $("text"), note = $("note");
  const SIDE = 1600, RETRY_MS = 3000, LONGEST_MS = 30000, POLL_MS = 4000;
  const shown = new Map(); // id of a message to its element
  let position = "", quoting = null, day = "", streaming = null, polling = 0, anchor = null;

  const say = (key, facts) => setup.words[key].replace(/\{(\w+)\}/g, (_, name) => (facts && facts[name]) || "");
  const address = (path, query) => {
    const all = new URLSearchParams(query || {});
    if (setup.as) all.set("as", setup.as);
    all.set("lang", setup.lang);
    return setup.door + path + "?" + all.toString();
  };
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => ("0" + byte.toString(16)).slice(-2)).join("");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  function make(tag, className, content) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (content !== undefined) element.textContent = content;
    return element;
  }

  function icon(name) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg"), use = document.createElementNS(space, "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", "/assets/icons.svg#" + name);
    use.setAttributeNS("http://www.w3.org/1999/xlink", "href", "/assets/icons.svg#" + name);
    svg.appendChild(use);
    return svg;
  }

  function tell(words, bad) {
    note.textContent = words;
    note.className = bad ? "bad" : "";
    note.hidden = !words;
  }

  // --- what is shown ---

  function words(content) {
    const paragraph = make("p");
    content.split(/(https?:\/\/[^\s，。）)]+)/).forEach((piece, n) => {
      if (n % 2 === 0) paragraph.appendChild(document.createTextNode(piece));
      else paragraph.appendChild(link(piece, piece));
    });
    return paragraph;
  }

  function link(href, content) {
    const anchor = make("a", "", content);
    anchor.href = href;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    return anchor;
  }

  function photo(source, alt, opens) {
    const picture = make("img");
    picture.alt = alt;
    picture.onload = settle;
    picture.src = source;
    if (!opens) return picture;
    const anchor = link(source, "");
    anchor.appendChild(picture);
    return anchor;
  }

  function pin(at) {
    const box = make("details"), summary = make("summary"), here = make("div");
    summary.appendChild(icon("pin"));
    summary.appendChild(document.createTextNode(" " + (at.label || at.text || say("map"))));
    box.appendChild(summary);
    box.appendChild(here);
    box.addEventListener("toggle", () => {
      if (!box.open || here.childNodes.length) return;
      fetch("/chat/map?lon=" + at.lon + "&lat=" + at.lat)
        .then((answer) => (answer.ok ? answer.text() : ""))
        .then((drawn) => {
          here.innerHTML = drawn; // our own server's drawing
          here.appendChild(link("geo:" + at.lat + "," + at.lon, say("navigate")));
        })
        .catch(() => here.appendChild(make("p", "", say("no_map"))));
    });
    return box;
  }

  function button(label, action) {
    const element = make("button", "", label);
    element.type = "button";
    element.onclick = action;
    return element;
  }

  function element(line) {
    const article = make("article", line.ours ? "said bot" : "said mine");
    article.id = "m-" + line.id;
    const bubble = make("div", "bubble");
    bubble.appendChild(make("span", "visually-hidden", say(line.ours ? "bot" : "you") + ": "));
    if (line.lang) bubble.lang = line.lang;
    const quoted = line.quotes && shown.get(line.quotes);
    if (quoted && line.kind !== "pressed") bubble.appendChild(make("p", "quoted", first(quoted)));
    if (line.file === "photo") bubble.appendChild(photo(line.local || address("/files/" + line.id), say("photo"), false));
    else if (line.file) bubble.appendChild(make("p", "", say("file")));
    if (line.lon !== undefined) bubble.appendChild(pin(line));
    else if (line.text) bubble.appendChild(words(line.text));
    (line.photos || []).forEach((digest) => bubble.appendChild(photo("/photos/" + digest + ".jpg", say("photo_of_bot"), true)));
    if (line.pin) bubble.appendChild(pin(line.pin));
    if (line.link) bubble.appendChild(link(line.link, say("more")));
    article.appendChild(bubble);
    if (line.buttons) article.appendChild(choices(line));
    article.appendChild(meta(line, article));
    return article;
  }

  const first = (article) => {
    const paragraph = article.querySelector(".bubble p:not(.quoted)");
    return paragraph ? paragraph.textContent.slice(0, 60) : say("photo");
  };

  function choices(line) {
    const box = make("div", "choices");
    line.buttons.forEach((choice) => {
      const one = button("", () => send({ kind: "pressed", value: choice.value, label: choice.label, quotes: line.id }));
      one.className = "button";
      one.dataset.value = choice.value;
      one.appendChild(make("span", "", choice.label));
      box.appendChild(one);
    });
    return box;
  }

  function meta(line, article) {
    const foot = make("div", "meta"), time = make("time"), at = new Date(line.t_ms);
    time.dateTime = at.toISOString();
    time.textContent = clock(at);
    foot.appendChild(time);
    if (line.ours) foot.appendChild(button(say("reply"), () => quote(line.id, first(article))));
    else {
      foot.appendChild(make("span", "status"));
      if (line.kind === "wrote" || line.kind === "media" || line.kind === "position") {
        foot.appendChild(button(say("withdraw"), () => send({ kind: "withdrawn", of: line.id })));
      }
    }
    return foot;
  }

  function local(at, options) {
    try {
      return new Intl.DateTimeFormat(setup.lang, Object.assign({ timeZone: setup.zone }, options)).format(at);
    } catch (_) {
      return new Intl.DateTimeFormat(setup.lang, options).format(at); // a phone that does not know the zone
    }
  }

  const clock = (at) => local(at, { hour: "2-digit", minute: "2-digit", hour12: false });

  function status(article, state, why) {
    const out = article.querySelector(".status");
    if (!out) return;
    article.classList.toggle("waiting", state === "waiting");
    article.classList.toggle("failed", state === "failed");
    out.textContent = "";
    out.appendChild(icon({ waiting: "clock", sent: "check", failed: "cross" }[state]));
    out.appendChild(document.createTextNode(say(state, { why: why })));
  }

  // The last message stays in view, from its top where it is longer than the screen, until somebody scrolls.
  function show(article, always) {
    const near = log.scrollHeight - log.scrollTop - log.clientHeight < 160;
    if (always || near || anchor) anchor = article;
  }

  function settle() {
    if (anchor) log.scrollTop = Math.min(anchor.offsetTop - log.offsetTop - 8, log.scrollHeight);
  }

  // A line that the server has: appended in its order, or moved up from those that waited.
  function take(line) {
    if (line.kind === "joined") return;
    if (line.kind === "withdrawn") withdrawn(line.of);
    if (line.kind === "pressed" && line.quotes) pressed(line);
    const known = shown.get(line.id);
    if (known && known.parentNode === lines) return;
    const article = known || element(line);
    shown.set(line.id, article);
    if (line.kind === "withdrawn") {
      if (known) known.remove();
      return;
    }
    const today = local(new Date(line.t_ms), { year: "numeric", month: "short", day: "numeric" });
    if (today !== day) {
      day = today;
      const now = local(new Date(), { year: "numeric", month: "short", day: "numeric" });
      lines.appendChild(make("p", "day", today === now ? say("today") : today));
    }
    show(article, !line.ours);
    lines.appendChild(article);
    if (!line.ours) status(article, "sent");
    settle();
  }

  function withdrawn(id) {
    const article = shown.get(id);
    if (!article || article.classList.contains("gone")) return;
    article.classList.add("gone");
    const bubble = article.querySelector(".bubble");
    bubble.textContent = "";
    bubble.appendChild(make("p", "", say("withdrawn")));
    article.querySelectorAll(".meta button").forEach((one) => one.remove());
  }

  function pressed(line) {
    const article = shown.get(line.quotes);
    if (!article) return;
    article.querySelectorAll(".choices .button").forEach((one) => {
      const chosen = one.dataset.value === line.value;
      one.setAttribute("aria-pressed", chosen ? "true" : "false");
      if (chosen && !one.querySelector(".icon")) one.insertBefore(icon("check"), one.firstChild);
    });
  }

  function quote(id, words) {
    quoting = id;
    const box = $("quote");
    box.textContent = "";
    box.hidden = !id;
    if (!id) return;
    box.appendChild(make("span", "", say("replying", { text: words })));
    box.appendChild(button(say("cancel"), () => quote(null)));
    text.focus();
  }

  // --- what is sent: stored on the phone first, then sent one by one, and again until the server has it ---

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

  let count = 0, sending = false, again = RETRY_MS, wake = null;

  function send(fields, file) {
    const item = { id: fresh(), t_ms: Date.now(), n: (count += 1), fields: fields, blob: file || null };
    if (quoting && !fields.quotes && (fields.kind === "wrote" || file)) {
      fields.quotes = quoting;
      quote(null);
    }
    echo(item);
    store.add(item).then(flush);
    if (fields.kind === "withdrawn") withdrawn(fields.of);
    if (fields.kind === "pressed") pressed(fields);
  }

  function echo(item) {
    const fields = item.fields;
    if (fields.kind === "joined" || fields.kind === "withdrawn") return;
    const line = Object.assign({}, fields, { id: item.id, ours: false, t_ms: item.t_ms });
    if (fields.kind === "pressed") line.text = fields.label;
    if (item.blob) {
      line.kind = "media";
      line.file = "photo";
      line.local = URL.createObjectURL(item.blob);
    }
    delete line.lang;
    const article = element(line);
    shown.set(item.id, article);
    pending.appendChild(article);
    status(article, "waiting");
    show(article, true);
    settle();
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
    if (item.blob) body.append("file", item.blob, "photo.jpg");
    let answer, told = {};
    try {
      answer = await fetch(address("/messages", { id: item.id }), { method: "POST", body: body, credentials: "same-origin" });
      told = await answer.json();
    } catch (_) {
      state("off");
      again = Math.min(again * 1.5, LONGEST_MS);
      return again;
    }
    again = RETRY_MS;
    if (answer.status === 401) return lost();
    if (answer.status === 429 || answer.status >= 500) return Number(answer.headers.get("Retry-After")) * 1000 || RETRY_MS;
    const article = shown.get(item.id);
    if (answer.status === 202) {
      if (article) status(article, "sent");
      if (!streaming) look();
    } else if (article) {
      status(article, "failed", told.message);
      tell(told.message, true);
    }
    await store.remove(item.id);
    return 0;
  }

  // The cookie is gone: the page gives a new one. Once only, for a browser that takes no cookies.
  function lost() {
    if (sessionStorage.getItem("again")) {
      tell(say("memory"), true);
      return LONGEST_MS;
    }
    sessionStorage.setItem("again", "1");
    location.reload();
    return LONGEST_MS;
  }

  // --- what comes ---

  function state(how) {
    const out = $("state");
    if (out.className === how) return;
    out.className = how;
    out.textContent = how === "off" ? "" : say(how);
    tell(how === "off" ? say("off") : "");
    if (how === "on" && wake) wake();
  }

  function hello(fresh_, missed) {
    state("on");
    if (fresh_) {
      lines.textContent = "";
      shown.forEach((article, id) => article.parentNode !== pending && shown.delete(id));
      day = "";
      if (!missed && !setup.invite && !setup.as) send({ kind: "joined" });
    }
    setTimeout(() => log.setAttribute("aria-live", "polite"), 1000); // what was said before is not read aloud
  }

  function listen() {
    if (!window.EventSource) {
      look();
      polling = setInterval(look, POLL_MS);
      return;
    }
    const source = (streaming = new EventSource(address("/stream", position ? { after: position } : {})));
    source.addEventListener("hello", (event) => {
      const facts = JSON.parse(event.data);
      hello(facts.again, facts.missed);
    });
    source.addEventListener("message", (event) => {
      if (event.lastEventId) position = event.lastEventId;
      take(JSON.parse(event.data));
    });
    source.onerror = () => {
      if (navigator.onLine === false) state("off");
      else if ($("state").className !== "off") state("connecting");
      if (source.readyState !== EventSource.CLOSED) return;
      source.close();
      if (streaming === source) streaming = null;
      look();
      setTimeout(() => streaming || listen(), RETRY_MS);
    };
  }

  async function look() {
    try {
      const answer = await fetch(address("/messages", { after: position }), { credentials: "same-origin" });
      const told = await answer.json();
      if (answer.status === 401) lost();
      else if (!answer.ok) tell(told.message, true);
      else {
        hello(told.again, told.messages.length);
        position = told.position;
        told.messages.forEach(take);
      }
    } catch (_) {
      state("off");
    }
  }

  // --- photos: made small, with the time and the position that the camera wrote ---

  async function small(file) {
    const source = URL.createObjectURL(file);
    try {
      const picture = await new Promise((done, fail) => {
        const image = new Image();
        image.onload = () => done(image);
        image.onerror = fail;
        image.src = source;
      });
      const scale = Math.min(1, SIDE / Math.max(picture.naturalWidth, picture.naturalHeight));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
      canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
      canvas.width = canvas.height = 0; // gives the memory back at once
      if (!drawn || drawn.size > file.size) return file;
      return await withExif(file, drawn);
    } catch (_) {
      return file; // a format that this browser cannot draw; the server looks at it
    } finally {
      URL.revokeObjectURL(source);
    }
  }

  async function withExif(file, drawn) {
    const raw = await read(file.slice(0, 131072)), view = new DataView(raw);
    if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return drawn;
    for (let at = 2; at + 10 < view.byteLength && view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
      const end = at + 2 + view.getUint16(at + 2);
      if (view.getUint8(at + 1) !== 0xe1 || view.getUint32(at + 4) !== 0x45786966 || end > view.byteLength) continue;
      if (window.CSS && CSS.supports("image-orientation", "from-image")) upright(view, at + 10, end);
      return new Blob([drawn.slice(0, 2), raw.slice(at, end), drawn.slice(2)], { type: "image/jpeg" });
    }
    return drawn;
  }

  // The canvas is turned already where the browser obeys the camera's orientation: nobody may turn it again.
  function upright(view, tiff, end) {
    const small_ = view.getUint16(tiff) === 0x4949, dir = tiff + view.getUint32(tiff + 4, small_);
    if (dir + 2 > end) return;
    for (let n = 0, at = dir + 2; n < view.getUint16(dir, small_) && at + 12 <= end; n += 1, at += 12) {
      if (view.getUint16(at, small_) === 0x0112) view.setUint16(at + 8, 1, small_);
    }
  }

  const read = (blob) =>
    new Promise((done, fail) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.onerror = fail;
      reader.readAsArrayBuffer(blob);
    });

  // --- the place ---

  const sheet = $("sheet"), where = $("where"), point = $("point");
  let chosen = null, mapped = false;

  function openSheet(open) {
    sheet.hidden = !open;
    $("place").setAttribute("aria-expanded", String(open));
    if (!open) {
      $("place").focus();
      return;
    }
    const can = navigator.geolocation && window.isSecureContext !== false;
    $("here").hidden = !can;
    $("no-here").hidden = Boolean(can);
    (can ? $("here") : sheet.querySelector("input")).focus();
    if (mapped) return;
    mapped = true;
    fetch("/chat/map?lang=" + setup.lang, { credentials: "same-origin" })
      .then((answer) => answer.text())
      .then((drawn) => {
        $("map").innerHTML = drawn; // our own server's drawing
        pinning($("map").querySelector("svg"));
      })
      .catch(() => {
        mapped = false;
        where.textContent = say("no_map");
      });
  }

  function choose(lon, lat) {
    chosen = { lon: lon.toFixed(6), lat: lat.toFixed(6) };
    where.textContent = say("pinned", { lat: lat.toFixed(5), lon: lon.toFixed(5) });
    point.disabled = false;
  }

  function pinning(svg) {
    const of = (name) => Number(svg.getAttribute("data-" + name));
    const box = svg.getAttribute("viewBox").split(" ").map(Number), wide = box[2], high = box[3];
    const mark = svg.querySelector(".mark"), view = { x: 0, y: 0, size: 1 };
    let at = null, from = null;
    const within = (value, most) => Math.min(Math.max(value, 0), most);
    function draw() {
      view.x = within(view.x, wide - wide * view.size);
      view.y = within(view.y, high - high * view.size);
      svg.setAttribute("viewBox", [view.x, view.y, wide * view.size, high * view.size].join(" "));
      svg.querySelectorAll("text").forEach((one) => one.setAttribute("font-size", String(view.size * 36)));
      svg.querySelectorAll("circle.spot").forEach((one) => one.setAttribute("r", String(view.size * 10)));
      svg.classList.toggle("far", view.size > 0.4);
      if (at) mark.setAttribute("transform", "translate(" + at.x + " " + at.y + ") scale(" + view.size * 3 + ")");
    }
    function put(x, y) {
      at = { x: within(x, wide), y: within(y, high) };
      mark.removeAttribute("hidden");
      choose(of("west") + at.x / of("per-lon"), of("north") - at.y / of("per-lat"));
      draw();
    }
    function zoom(factor) {
      const middle = at || { x: view.x + (wide * view.size) / 2, y: view.y + (high * view.size) / 2 };
      view.size = Math.min(Math.max(view.size * factor, 0.05), 1);
      view.x = middle.x - (wide * view.size) / 2;
      view.y = middle.y - (high * view.size) / 2;
      draw();
    }
    const unit = () => 1 / svg.getScreenCTM().a;
    svg.addEventListener("pointerdown", (event) => (from = { x: event.clientX, y: event.clientY, vx: view.x, vy: view.y, moved: false }));
    svg.addEventListener("pointermove", (event) => {
      if (!from) return;
      const dx = event.clientX - from.x, dy = event.clientY - from.y;
      if (!from.moved && Math.hypot(dx, dy) < 8) return;
      from.moved = true;
      view.x = from.vx - dx * unit();
      view.y = from.vy - dy * unit();
      draw();
    });
    svg.addEventListener("pointerup", () => setTimeout(() => (from = null), 0));
    svg.addEventListener("pointercancel", () => (from = null));
    svg.addEventListener("click", (event) => {
      if (from && from.moved) return;
      const matrix = svg.getScreenCTM();
      put((event.clientX - matrix.e) / matrix.a, (event.clientY - matrix.f) / matrix.d);
    });
    svg.addEventListener("keydown", (event) => {
      const step = 20 * view.size;
      const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
      if (event.key === "+" || event.key === "=") zoom(0.5);
      else if (event.key === "-") zoom(2);
      else if (way) put((at ? at.x : wide / 2) + way[0], (at ? at.y : high / 2) + way[1]);
      else return;
      event.preventDefault();
    });
    sheet.querySelectorAll("[data-zoom]").forEach((one) => (one.onclick = () => zoom(one.dataset.zoom === "in" ? 0.5 : 2)));
    draw();
  }

  // What a phone gives is WGS-84, as browsers promise; some Chinese system web views are said to give GCJ-02. Not verified.
  function sendPoint(lon, lat) {
    send({ kind: "position", lon: lon, lat: lat, datum: "wgs84" });
    openSheet(false);
  }

  $("here").onclick = () => {
    where.textContent = say("locating");
    navigator.geolocation.getCurrentPosition(
      (found) => sendPoint(found.coords.longitude.toFixed(6), found.coords.latitude.toFixed(6)),
      () => (where.textContent = say("not_located")),
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 },
    );
  };
  point.onclick = () => chosen && sendPoint(chosen.lon, chosen.lat);
  $("place").onclick = () => openSheet(sheet.hidden);
  $("sheet-close").onclick = () => openSheet(false);
  sheet.addEventListener("keydown", (event) => event.key === "Escape" && openSheet(false));
  $("address").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = event.target.elements.address;
    if (!field.value.trim()) return;
    send({ kind: "wrote", text: field.value.trim() });
    field.value = "";
    openSheet(false);
  });

  // --- the field for words ---

  function grow() {
    text.style.height = "auto";
    text.style.height = Math.min(text.scrollHeight + 2, 128) + "px";
  }

  $("compose").addEventListener("submit", (event) => {
    event.preventDefault();
    const content = text.value.trim();
    if (!content) return;
    send({ kind: "wrote", text: content });
    text.value = "";
    grow();
  });
  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    $("send").click();
  });
  $("photo").addEventListener("change", async (event) => {
    const files = Array.from(event.target.files);
    event.target.value = "";
    for (const file of files) send({ kind: "media" }, await small(file));
  });
  document.querySelectorAll("[data-say]").forEach((one) => (one.onclick = () => send({ kind: "wrote", text: one.dataset.say })));
  addEventListener("online", () => {
    if (wake) wake();
    if (streaming) streaming.close(); // it may be half open
    if (!polling) listen();
  });
  ["wheel", "touchmove", "keydown"].forEach((way) => log.addEventListener(way, () => (anchor = null), { passive: true }));
  addEventListener("resize", settle);
  addEventListener("offline", () => state("off"));
  addEventListener("pagehide", () => streaming && streaming.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());

  state("connecting");
  if (navigator.onLine === false) state("off");
  store.load().then(() => {
    store.all().forEach(echo);
    if (setup.invite && !setup.as) {
      send({ kind: "joined", invitation: setup.invite });
      const here = new URL(location.href);
      here.searchParams.delete("invite");
      history.replaceState(null, "", here);
    }
    listen();
    flush();
  });
})();
