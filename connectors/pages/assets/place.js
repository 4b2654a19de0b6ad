// Where it is: the phone's own position, or a pin on the region's map. Both are WGS-84 degrees.
import { say } from "./setup.js";

const TEXT = 32, SPOT = 10, NEAR = 0.4; // sizes in map units when all of it is seen; landmarks are named from near

export function places() {
  document.addEventListener("click", (event) => {
    const here = event.target.closest(".here");
    if (here) locate(here);
  });
  document.querySelectorAll("svg.map.whole").forEach(pin);
  document.addEventListener("sent", (event) => clear(event.target), true);
}

function set(form, lat, lon, text) {
  form.querySelector("[name=lat]").value = lat.toFixed(6);
  form.querySelector("[name=lon]").value = lon.toFixed(6);
  form.querySelector("output.where").textContent = text;
  form.dataset.dirty = "1";
}

function clear(form) {
  const out = form.querySelector("output.where");
  if (!out) return;
  form.querySelectorAll("[name=lat], [name=lon]").forEach((field) => (field.value = ""));
  out.textContent = "";
  form.querySelector("svg .mark")?.setAttribute("hidden", "");
}

function locate(button) {
  const form = button.closest("form");
  const out = form.querySelector("output.where");
  out.textContent = say("locating");
  const fail = () => (out.textContent = say("not_located"));
  if (!navigator.geolocation) {
    fail();
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      set(form, coords.latitude, coords.longitude, say("located", { m: Math.round(coords.accuracy) }));
      form.querySelector("svg.map.whole")?.dispatchEvent(new CustomEvent("mark", { detail: coords }));
    },
    fail,
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 },
  );
}

function pin(svg) {
  const { west, north, perLon, perLat } = Object.fromEntries(Object.entries(svg.dataset).map(([k, v]) => [k, Number(v)]));
  const [, , wide, high] = svg.getAttribute("viewBox").split(" ").map(Number);
  const mark = svg.querySelector(".mark");
  const form = svg.closest("form");
  const view = { x: 0, y: 0, size: 1 };
  let at = null, from = null;

  function draw() {
    view.x = Math.min(Math.max(view.x, 0), wide - wide * view.size);
    view.y = Math.min(Math.max(view.y, 0), high - high * view.size);
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${wide * view.size} ${high * view.size}`);
    if (at) mark.setAttribute("transform", `translate(${at.x} ${at.y}) scale(${view.size * 3})`);
    svg.querySelectorAll("text").forEach((text) => text.setAttribute("font-size", view.size * TEXT));
    svg.querySelectorAll("circle.spot").forEach((spot) => spot.setAttribute("r", view.size * SPOT));
    svg.classList.toggle("far", view.size > NEAR);
  }

  function put(x, y, quiet) {
    at = { x: Math.min(Math.max(x, 0), wide), y: Math.min(Math.max(y, 0), high) };
    mark.removeAttribute("hidden");
    if (!quiet) {
      const lat = north - at.y / perLat, lon = west + at.x / perLon;
      set(form, lat, lon, say("pinned", { lat: lat.toFixed(5), lon: lon.toFixed(5) }));
    }
    draw();
  }

  function zoom(factor) {
    const middle = at ?? { x: view.x + (wide * view.size) / 2, y: view.y + (high * view.size) / 2 };
    view.size = Math.min(Math.max(view.size * factor, 0.05), 1);
    view.x = middle.x - (wide * view.size) / 2;
    view.y = middle.y - (high * view.size) / 2;
    draw();
  }

  const inside = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  svg.addEventListener("pointerdown", (event) => {
    from = { client: event, view: { ...view }, moved: false };
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    const dx = event.clientX - from.client.clientX, dy = event.clientY - from.client.clientY;
    if (Math.hypot(dx, dy) < 8 && !from.moved) return;
    from.moved = true;
    const scale = 1 / svg.getScreenCTM().a;
    view.x = from.view.x - dx * scale;
    view.y = from.view.y - dy * scale;
    draw();
  });
  svg.addEventListener("pointerup", (event) => {
    if (from && !from.moved) {
      const { x, y } = inside(event);
      put(x, y);
    }
    from = null;
  });
  svg.addEventListener("pointercancel", () => (from = null));
  svg.addEventListener("mark", ({ detail }) => put((detail.longitude - west) * perLon, (north - detail.latitude) * perLat, true));
  svg.addEventListener("keydown", (event) => {
    const step = 20 * view.size;
    const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (event.key === "+" || event.key === "=") zoom(0.5);
    else if (event.key === "-") zoom(2);
    else if (way) put((at?.x ?? wide / 2) + way[0], (at?.y ?? high / 2) + way[1]);
    else return;
    event.preventDefault();
  });
  svg.closest(".mapbox").addEventListener("click", (event) => {
    const key = event.target.closest("[data-zoom]");
    if (key) zoom(key.dataset.zoom === "in" ? 0.5 : 2);
  });
  draw();
}
