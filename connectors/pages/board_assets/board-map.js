// The map: grids and roads of the region, and every open case as a mark whose shape and colour say how it is.
import { gather, paint } from "./board-marks.js";
import { draw as drawNames, learn } from "./board-names.js";
import { breath, kindOf, name } from "./open-cases.js";
import { drawn as placeOf } from "./datum.js";
import { say } from "./setup.js";
import { scale, wall } from "./wall.js";

const L = window.L;
const TILE = 256, CLOSEST = 20, NEAR = 18, REACH = 14, EDGE = 0.4, PADDING = 16, BUTTONS = [64, 112], SOURCES = 40;
const STILL = { dragging: false, keyboard: false, scrollWheelZoom: false, doubleClickZoom: false, touchZoom: false, boxZoom: false };
let map = null, canvas = null, edge = null, drawn = [], colours = null, tiled = false, chosen = "", frame = 0;

export async function show(element) {
  if (!L) throw new Error("no map");
  const answer = await fetch("/board/shapes");
  if (!answer.ok) throw new Error(String(answer.status));
  const region = await answer.json();
  tiled = Boolean(element.dataset.tiles);
  colours = palette(element);
  const made = L.map(element, { ...(wall ? STILL : {}), zoomControl: false, maxZoom: CLOSEST, attributionControl: tiled, zoomSnap: 0.1, zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  const shapes = L.geoJSON(region, { renderer: L.canvas({ padding: EDGE }), interactive: false, style, coordsToLatLng });
  fit(made, shapes);
  await breath();
  if (tiled) base(made, element.dataset);
  shapes.addTo(made);
  learn(region.features);
  await breath();
  canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide", made.createPane("marks"));
  made.on("moveend resize", change);
  if (wall) made.on("resize", () => fit(made, shapes));
  else {
    made.setMinZoom(made.getBoundsZoom(shapes.getBounds()) - 2);
    made.on("click", (event) => pick(event.containerPoint));
    L.control.zoom({ zoomInTitle: say("zoom_in"), zoomOutTitle: say("zoom_out") }).addTo(made);
    L.control.scale({ imperial: false }).addTo(made);
  }
  map = made;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { colours = palette(element); shapes.setStyle(style); change(); });
  change();
}

// The grid that was chosen, or all that is known: beside or below the buttons, where it is larger, and above what is at the foot.
function fit(map, shapes) {
  const grid = new URLSearchParams(location.search).get("grid"), edge = PADDING * scale();
  const bounds = (shapes.getLayers().find(({ feature: { properties } }) => properties.kind === "grid" && properties.id === grid) ?? shapes).getBounds();
  const corners = wall ? [[edge, edge]] : [[BUTTONS[0], edge], [edge, BUTTONS[1]]], paddingBottomRight = [edge, wall ? edge : SOURCES];
  const zooms = corners.map((corner) => map.getBoundsZoom(bounds, false, L.point(corner).add(paddingBottomRight)));
  map.fitBounds(bounds, { animate: false, maxZoom: NEAR, paddingTopLeft: corners[zooms.indexOf(Math.max(...zooms))], paddingBottomRight });
}

// The operator's base map, below everything.
function base(map, { tiles, attribution }) {
  const words = document.createElement("span");
  words.textContent = attribution;
  map.attributionControl.setPrefix(false);
  L.tileLayer(tiles, { attribution: words.innerHTML, maxZoom: CLOSEST }).addTo(map);
}

function coordsToLatLng([lon84, lat84]) {
  const [lon, lat] = placeOf(lon84, lat84);
  return L.latLng(lat, lon);
}

function style({ properties }) {
  return properties.kind === "grid"
    ? { color: colours.edge, weight: 1, dashArray: "4 3", fillColor: colours.green, fillOpacity: tiled ? 0.15 : 0.6 }
    : { color: colours.street, weight: 3, opacity: 0.9 };
}

function palette(element) {
  const styles = getComputedStyle(element), colour = (name) => styles.getPropertyValue(name).trim();
  return {
    late: colour("--bad"), soon: colour("--warn"), running: colour("--main"), waiting: colour("--soft"), resolved: colour("--good"),
    suspended: colour("--calm"), paper: colour("--paper"), ink: colour("--ink"), edge: colour("--edge"), street: colour("--street"), green: colour("--green"),
  };
}

// Draw again soon: many changes are one picture.
export function change() {
  if (!frame && map) frame = requestAnimationFrame(draw);
}

function draw() {
  frame = 0;
  const size = map.getSize(), dpr = devicePixelRatio || 1, large = scale();
  edge = size.multiplyBy(EDGE).round();
  const wide = size.x + 2 * edge.x, high = size.y + 2 * edge.y;
  if (canvas.width !== Math.round(wide * dpr) || canvas.height !== Math.round(high * dpr)) {
    canvas.width = Math.round(wide * dpr);
    canvas.height = Math.round(high * dpr);
    canvas.style.width = `${wide}px`;
    canvas.style.height = `${high}px`;
  }
  const corner = map.containerPointToLayerPoint([-edge.x, -edge.y]), { x: left, y: top } = map.getPixelOrigin().add(corner);
  L.DomUtil.setPosition(canvas, corner);
  const view = { world: TILE * 2 ** map.getZoom(), left, top, wide, high };
  const inside = (x, y) => x > edge.x && y > edge.y && x < wide - edge.x && y < high - edge.y;
  const pen = canvas.getContext("2d");
  pen.setTransform(dpr, 0, 0, dpr, 0, 0);
  pen.clearRect(0, 0, wide, high);
  drawNames(pen, view, inside, colours.waiting, colours.paper);
  drawn = gather(view, large);
  paint(pen, drawn, colours, large, chosen);
  map.getContainer().dataset.marks = drawn.length;
}

function pick(point) {
  let best = null, near = REACH;
  for (const mark of drawn) {
    const away = Math.hypot(mark.x - edge.x - point.x, mark.y - edge.y - point.y);
    if (away < (mark.count ? REACH + 8 : near)) [best, near] = [mark, away];
  }
  if (best?.count) map.setView(map.containerPointToLatLng([best.x - edge.x, best.y - edge.y]), map.getZoom() + 2);
  else if (best) open(best.one);
}

// Show where a case is, and what it is.
export function open(one) {
  chosen = one.number;
  const place = coordsToLatLng([one.lon, one.lat]);
  const link = document.createElement("a");
  link.href = `/case/${encodeURIComponent(one.number)}?role=supervisor`;
  link.textContent = one.number;
  const what = document.createElement("b");
  what.textContent = name("category", one.category);
  const how = document.createElement("p");
  how.textContent = [say(`kind_${kindOf(one)}`), one.assignee && name("assignee", one.assignee)].filter(Boolean).join(" · ");
  const box = document.createElement("div");
  box.append(what, document.createElement("br"), link, how);
  if (!map.getBounds().contains(place)) map.setView(place, Math.max(map.getZoom(), 16), { animate: false });
  const popup = L.popup({ autoPan: true }).setLatLng(place).setContent(box).openOn(map).on("remove", () => { chosen = ""; change(); });
  popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", say("close_popup"));
  change();
}
