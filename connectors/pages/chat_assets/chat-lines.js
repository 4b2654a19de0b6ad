// What is shown: the messages of both sides, in order, and those that wait.
(function (chat) {
  "use strict";
  const { setup, $, say, make, icon, link, button } = chat;
  const log = $("log"), lines = $("lines"), pending = $("pending");
  const shown = new Map(); // id of a message to its element
  let quoting = null, changing = null, day = "", anchor = null;

  const address = (path, query) => {
    const all = new URLSearchParams(query || {});
    if (setup.as) all.set("as", setup.as);
    all.set("lang", setup.lang);
    return setup.door + path + "?" + all.toString();
  };

  function words(content) {
    const paragraph = make("p");
    content.split(/(https?:\/\/[^\s，。）)]+)/).forEach((piece, n) => {
      if (n % 2 === 0) paragraph.appendChild(document.createTextNode(piece));
      else paragraph.appendChild(link(piece, piece));
    });
    return paragraph;
  }

  function photo(source, alt, opens) {
    const picture = make("img");
    picture.alt = alt;
    picture.onload = settle;
    picture.src = opens ? source.replace("/photos/", "/photos/small/") : source;
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

  function element(line) {
    const article = make("article", line.ours ? "said bot" : "said mine");
    article.id = "m-" + line.id;
    const bubble = make("div", "bubble");
    bubble.appendChild(make("span", "visually-hidden", say(line.ours ? "bot" : "you") + ": "));
    if (line.lang) bubble.lang = line.lang;
    const quoted = line.quotes && shown.get(line.quotes);
    if (quoted && line.kind !== "pressed") bubble.appendChild(make("p", "quoted", first(quoted)));
    if (line.file === "photo") bubble.appendChild(photo(line.local || address("/files/" + line.id), say("photo"), false));
    else if (line.file === "voice") bubble.appendChild(chat.sound(line.local || address("/files/" + line.id), ""));
    else if (line.file) bubble.appendChild(make("p", "", say("file")));
    if (line.lon !== undefined) bubble.appendChild(pin(line));
    else if (line.text) bubble.appendChild(words(line.text));
    (line.photos || []).forEach((digest) => bubble.appendChild(photo("/photos/" + digest + ".jpg", say("photo_of_bot"), true)));
    (line.recordings || []).forEach((one) => bubble.appendChild(chat.sound("/recordings/" + one.digest + "." + one.format, one.format)));
    if (line.pin) bubble.appendChild(pin(line.pin));
    if (line.link) bubble.appendChild(link(line.link, say("more")));
    article.appendChild(bubble);
    if (line.buttons) article.appendChild(choices(line));
    article.appendChild(meta(line, article));
    return article;
  }

  const first = (article, whole) => {
    const paragraph = article.querySelector(".bubble p:not(.quoted)");
    return paragraph ? paragraph.textContent.slice(0, whole ? undefined : 60) : say("photo");
  };

  function choices(line) {
    const box = make("div", "choices");
    line.buttons.forEach((choice) => {
      const one = button("", () => chat.send({ kind: "pressed", value: choice.value, label: choice.label, quotes: line.id }));
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
      if (line.kind === "wrote") foot.appendChild(button(say("edit"), () => change(line.id, first(article, true))));
      if (line.kind === "wrote" || line.kind === "media" || line.kind === "position") {
        foot.appendChild(button(say("withdraw"), () => chat.send({ kind: "withdrawn", of: line.id })));
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
    done(line);
    const known = shown.get(line.id);
    if (known && known.parentNode === lines) return;
    const article = known || element(line);
    shown.set(line.id, article);
    if (line.kind === "withdrawn" || line.kind === "edited") {
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

  // What a line does to an earlier one.
  function done(line) {
    if (line.kind === "withdrawn") withdrawn(line.of);
    if (line.kind === "edited") edited(line);
    if (line.kind === "pressed" && line.quotes) pressed(line);
  }

  function edited(line) {
    const article = shown.get(line.of), paragraph = article && article.querySelector(".bubble p:not(.quoted)");
    if (!paragraph || article.classList.contains("gone")) return;
    paragraph.replaceWith(words(line.text));
    if (!article.querySelector(".edited")) article.querySelector("time").insertAdjacentElement("afterend", make("span", "edited", say("edited")));
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

  // What the next words are about: an answer to a message, or a change of one.
  function about(words, cancel) {
    const box = $("quote");
    box.textContent = "";
    box.hidden = !words;
    if (!words) return;
    box.appendChild(make("span", "", words));
    box.appendChild(button(say("cancel"), cancel));
    $("text").focus();
  }

  function quote(id, words) {
    quoting = id;
    changing = null;
    about(id && say("replying", { text: words }), () => quote(null));
  }

  function change(id, words) {
    changing = id;
    quoting = null;
    about(id && say("changing", { text: words.slice(0, 60) }), () => change(null, ""));
    $("text").value = words;
    $("text").dispatchEvent(new Event("input"));
  }

  function echo(item) {
    const fields = item.fields;
    if (fields.kind === "joined" || fields.kind === "withdrawn" || fields.kind === "edited") return;
    const line = Object.assign({}, fields, { id: item.id, ours: false, t_ms: item.t_ms });
    if (fields.kind === "pressed") line.text = fields.label;
    if (item.blob) {
      line.kind = "media";
      line.file = /^audio/.test(item.blob.type) ? "voice" : "photo";
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

  // The message that the next one answers; once only.
  function quoted() {
    const id = quoting;
    if (id) quote(null);
    return id;
  }

  // The message that the next words replace; once only.
  function changed() {
    const id = changing;
    if (id) change(null, "");
    return id;
  }

  function clear() {
    lines.textContent = "";
    shown.forEach((article, id) => article.parentNode !== pending && shown.delete(id));
    day = "";
  }

  ["wheel", "touchmove", "keydown"].forEach((way) => log.addEventListener(way, () => (anchor = null), { passive: true }));
  addEventListener("resize", settle);

  Object.assign(chat, { address, shown, take, echo, status, done, quoted, changed, clear });
})((window.phone = window.phone || {}));
