// The page of two phones: asks the running demo to act its story again.
(function () {
  "use strict";
  const setup = JSON.parse(document.getElementById("setup").textContent);
  const play = document.getElementById("play"), label = play.querySelector("span"), words = label.textContent;
  play.onclick = () => {
    play.disabled = true;
    label.textContent = setup.playing;
    const done = () => {
      play.disabled = false;
      label.textContent = words;
    };
    fetch(setup.door + "/demo?lang=" + setup.lang, { method: "POST" }).then(() => setTimeout(done, 15000), done);
  };
})();
