// The field for words and photos; the beginning of all.
(function (chat) {
  "use strict";
  const { setup, $, send, small, changed } = chat;
  const text = $("text");

  function grow() {
    text.style.height = "auto";
    text.style.height = Math.min(text.scrollHeight + 2, 128) + "px";
  }

  $("compose").addEventListener("submit", (event) => {
    event.preventDefault();
    const content = text.value.trim();
    if (!content) return;
    const of = changed();
    send(of ? { kind: "edited", of: of, text: content } : { kind: "wrote", text: content });
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

  chat.state("connecting");
  if (navigator.onLine === false) chat.state("off");
  chat.load().then(() => {
    if (setup.invite && !setup.as) {
      send({ kind: "joined", invitation: setup.invite });
      const here = new URL(location.href);
      here.searchParams.delete("invite");
      history.replaceState(null, "", here);
    }
    chat.listen();
    chat.flush();
  });
})((window.phone = window.phone || {}));
