// The place: the phone's position, a pin on the map of the region, or an address.
(function (chat) {
  "use strict";
  const { setup, $, say, send } = chat;
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
})((window.chat = window.chat || {}));
