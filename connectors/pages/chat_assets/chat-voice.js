// Voice messages: played where the browser can, else saved.
(function (chat) {
  "use strict";
  const { say, make, link } = chat;

  function sound(source, format) {
    const box = make("div"), player = make("audio");
    player.controls = true;
    player.preload = "none";
    player.setAttribute("aria-label", say("voice"));
    player.src = source;
    player.onerror = () => {
      if (box.querySelector("p")) return;
      player.hidden = true;
      box.insertBefore(make("p", "", say("unplayable", { format: format.toUpperCase() || say("voice") })), box.firstChild);
    };
    box.appendChild(player);
    if (format) {
      const save = link(source + "?download", say("save"));
      save.download = "";
      box.appendChild(save);
      if (format === "amr" || format === "silk") player.onerror(); // no browser plays these
    }
    return box;
  }

  Object.assign(chat, { sound });
})((window.phone = window.phone || {}));
