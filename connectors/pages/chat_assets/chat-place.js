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
        chat.pinning($("map").querySelector("svg"), sheet.querySelectorAll("[data-zoom]"), choose);
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
})((window.phone = window.phone || {}));
