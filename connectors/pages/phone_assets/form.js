// The report form on a phone: the beginning of all.
(function (phone) {
  "use strict";
  const { setup, $, say, fresh, form, reports } = phone;
  const secure = window.isSecureContext !== false;
  let count = 0, offered = null;

  document.documentElement.classList.add("scripted");
  $("plain").hidden = secure;

  async function submit(event) {
    event.preventDefault();
    phone.right();
    $("send").disabled = true;
    const written = await phone.read();
    $("send").disabled = false;
    const names = Object.keys(written.fields).filter((name) => name !== "kind" && name !== "datum");
    if (!names.length && !written.files.length) {
      phone.wrong("text", say("nothing")).focus();
      return;
    }
    const item = { id: "f-" + fresh(), t_ms: Date.now(), n: (count += 1), fields: written.fields, files: written.files };
    phone.clear();
    reports.show(item);
    $("waiting").scrollIntoView({ block: "center" });
    reports.add(item);
  }

  if (form) form.addEventListener("submit", submit);
  window.addEventListener("offline", () => reports.state("off"));
  window.addEventListener("online", () => {
    reports.state("on");
    reports.hurry();
    if (setup.shell) reports.look();
  });
  document.addEventListener("visibilitychange", () => document.hidden || reports.hurry());
  if (navigator.onLine === false) reports.state("off");
  else if (setup.shell) reports.look();

  // As an app, where the browser offers it; it offers nothing over plain http or inside a messenger.
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offered = event;
    $("install").hidden = false;
  });
  $("install").onclick = () => {
    $("install").hidden = true;
    if (offered) offered.prompt();
    offered = null;
  };

  // Without a worker the form still sends later what was written; only opening it needs a network.
  if (secure && navigator.serviceWorker) {
    navigator.serviceWorker.register("/form-worker.js?lang=" + setup.lang + "&v=" + setup.version, { scope: "/form" }).then(
      () => navigator.serviceWorker.ready.then(() => ($("offline").hidden = false)),
      () => undefined,
    );
  }

  reports.load().then((items) => {
    items.forEach(reports.show);
    reports.flush();
  });
})((window.phone = window.phone || {}));
