// Recording a voice message, where the browser and the connection allow it; elsewhere the button stays hidden.
(function (chat) {
  "use strict";
  const { $, say, send, tell } = chat;
  const LONGEST_S = 120, BITS_PER_SECOND = 24000;
  const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  let running = null;

  if (!window.MediaRecorder || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  $("voice").hidden = false;

  async function begin() {
    if (running) return;
    const now = (running = { pieces: [], began_ms: 0, recorder: null, ticking: 0, stream: null });
    try {
      now.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (_) {
      running = null;
      tell(say("no_microphone"), true);
      return;
    }
    const type = TYPES.find((each) => MediaRecorder.isTypeSupported(each));
    now.recorder = new MediaRecorder(now.stream, Object.assign({ audioBitsPerSecond: BITS_PER_SECOND }, type && { mimeType: type }));
    now.recorder.ondataavailable = (event) => now.pieces.push(event.data);
    now.recorder.start();
    now.began_ms = Date.now();
    now.ticking = setInterval(tick, 250);
    show(true);
    tick();
    $("record-stop").focus();
  }

  const seconds = () => Math.floor((Date.now() - running.began_ms) / 1000);

  function tick() {
    const lasts = seconds();
    $("recorded").textContent = say("recording", { time: Math.floor(lasts / 60) + ":" + String(lasts % 60).padStart(2, "0") });
    if (lasts >= LONGEST_S) end(true);
  }

  function end(keep) {
    const now = running;
    if (!now || !now.recorder) return;
    const lasts = seconds();
    running = null;
    clearInterval(now.ticking);
    now.recorder.onstop = () => {
      now.stream.getTracks().forEach((track) => track.stop());
      const sound = new Blob(now.pieces, { type: now.recorder.mimeType || "audio/webm" });
      if (keep && sound.size) send({ kind: "media", seconds: lasts }, sound);
    };
    now.recorder.stop();
    show(false);
    $("voice").focus();
  }

  function show(on) {
    $("recording").hidden = !on;
    $("voice").disabled = on;
  }

  $("voice").onclick = begin;
  $("record-stop").onclick = () => end(true);
  $("record-drop").onclick = () => end(false);
  addEventListener("pagehide", () => end(false));
})((window.phone = window.phone || {}));
