// What comes: the live stream of this chat, or a look now and then where there is none.
(function (chat) {
  "use strict";
  const { setup, $, say, address, tell, take, clear, send, hurry, lost } = chat;
  const RETRY_MS = 3000, POLL_MS = 4000;
  let position = "", streaming = null, polling = 0;

  function state(how) {
    const out = $("state");
    if (out.className === how) return;
    out.className = how;
    out.textContent = say(how);
    tell(how === "off" ? say("later") : "");
    if (how === "on") hurry();
  }

  function hello(fresh_, missed) {
    state("on");
    if (fresh_) {
      clear();
      if (!missed && !setup.invite && !setup.as) send({ kind: "joined" });
    }
    setTimeout(() => $("log").setAttribute("aria-live", "polite"), 1000); // what was said before is not read aloud
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
      if (answer.status === 401) lost(told.message);
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

  // Something arrived at the server: where nothing is streamed, the answer has to be fetched.
  function sent() {
    if (!streaming) look();
  }

  addEventListener("online", () => {
    hurry();
    if (streaming) streaming.close(); // it may be half open
    if (!polling) listen();
  });
  addEventListener("offline", () => state("off"));
  addEventListener("pagehide", () => streaming && streaming.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());

  Object.assign(chat, { state, listen, sent });
})((window.phone = window.phone || {}));
