// Reports that wait on the phone, each under an id of its own: sent again, it counts once.
(function (phone) {
  "use strict";
  const { setup, $, say, make, button } = phone;
  const RETRY_MS = 3000, LONGEST_MS = 60000, LOOK_MS = 2500, MOST_LOOKS = 24;
  const shown = new Map(), sent = [];
  let again = RETRY_MS, looking = 0;

  function status(item, words, kind) {
    const line = shown.get(item.id);
    if (!line) return;
    line.className = kind;
    line.querySelector(".status").textContent = words;
  }

  function show(item) {
    const line = make("li", "waiting"), text = item.fields.text || item.fields.address || item.fields.code || "";
    line.id = "q-" + item.id;
    line.appendChild(make("b", "", text.slice(0, 60) || say("photos", { n: item.files.length })));
    line.appendChild(make("span", "status", navigator.onLine === false ? say("waits") : say("sending")));
    shown.set(item.id, line);
    $("queue").appendChild(line);
    $("waiting").hidden = false;
  }

  function gone(id) {
    const line = shown.get(id);
    if (line) line.remove();
    shown.delete(id);
    $("waiting").hidden = shown.size === 0;
  }

  function state(how) {
    const out = $("state");
    if (out.className === how) return;
    out.className = how;
    out.textContent = how === "off" ? say("off") : "";
  }

  // Zero when the report is dealt with, else the milliseconds after which to try again.
  async function post(item) {
    const body = new FormData();
    body.append("id", item.id);
    Object.keys(item.fields).forEach((name) => body.append(name, item.fields[name]));
    item.files.forEach((file) => body.append(file.name, file.blob, "photo.jpg"));
    let answer, said = {};
    status(item, say("sending"), "waiting");
    try {
      answer = await fetch("/form?lang=" + setup.lang, {
        method: "POST", body: body, credentials: "same-origin", headers: { Accept: "application/json" },
      });
      said = await answer.json();
    } catch (_) {
      state("off");
      status(item, say("waits"), "waiting");
      again = Math.min(again * 1.5, LONGEST_MS);
      return again;
    }
    state("on");
    again = RETRY_MS;
    if (answer.status === 429 || answer.status >= 500) {
      status(item, say(said.error === "too_many_here" ? "many" : "busy"), "waiting");
      return Number(answer.headers.get("Retry-After")) * 1000 || RETRY_MS;
    }
    // an id that is known with other content: an earlier try arrived, under the name of that moment
    if (answer.status === 202 || said.error === "other_content") {
      status(item, say("received"), "received");
      sent.push(item.id);
      look();
    } else refused(item, said.faults || [said]);
    return 0;
  }

  // Back into the form to be corrected, at once where nothing else is written there.
  function refused(item, faults) {
    const words = faults.map((fault) => fault.message).join(" ");
    status(item, say("refused", { why: words }), "refused");
    function correct() {
      gone(item.id);
      phone.fill(item);
      phone.right();
      const fields = faults.map((fault) => phone.wrong(beside(fault.where), fault.message)).filter(Boolean);
      if (fields[0]) fields[0].focus();
    }
    if (phone.isEmpty()) correct();
    else shown.get(item.id).appendChild(button(say("correct"), correct));
  }

  const BESIDE = { lat: "address", lon: "address", datum: "address", listed: "code", photo: "photos" };
  const beside = (where) => BESIDE[where] || where || "text";

  // The server's own list; asked again until it has the case of what was sent.
  async function look() {
    const turn = (looking += 1);
    for (let n = 0; n < MOST_LOOKS && turn === looking; n += 1) {
      try {
        const query = sent.slice(-5).map((id) => "&sent=" + encodeURIComponent(id)).join("");
        const answer = await fetch("/form/mine?lang=" + setup.lang + query, { credentials: "same-origin" });
        if (answer.ok) $("mine").innerHTML = await answer.text(); // our own server's drawing
      } catch (_) {
        return;
      }
      sent.forEach((id) => document.getElementById("r-" + id) && gone(id));
      if (!document.querySelector("#mine .pending")) return;
      await phone.pause(LOOK_MS);
    }
  }

  const waiting = phone.queue({ name: "form", post: post, unstored: () => phone.tell(say("memory")) });

  phone.reports = Object.assign({ show, state, look }, waiting);
})((window.phone = window.phone || {}));
