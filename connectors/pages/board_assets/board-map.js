// The map: grids and roads of the region, and every open case as a mark whose shape and colour say how it is.
import { draw as drawNames, learn } from "./board-names.js";
import { cases, kindOf, name } from "./open-cases.js";
import { drawn as placeOf } from "./datum.js";
import { now, say } from "./setup.js";
import { scale, wall } from "./wall.js";

const L = window.L;
const TILE = 256, CELL = 56, MANY = 1500, REACH = 14, EDGE = 0.4;
const STILL = { zoomControl: false, dragging: false, keyboard: false, scrollWheelZoom: false, doubleClickZoom: false, touchZoom: false, boxZoom: false };
const WORST = ["late", "soon", "running", "waiting", "suspended", "resolved"];
const RANK = Object.fromEntries(WORST.map((kind, i) => [kind, i]));
const SIGNS = {
  late: [(p, x, y, r) => { p.moveTo(x, y - r); p.lineTo(x + r, y + r * 0.8); p.lineTo(x - r, y + r * 0.8); p.closePath(); }, true],
  soon: [(p, x, y, r) => { p.moveTo(x, y - r); p.lineTo(x + r, y); p.lineTo(x, y + r); p.lineTo(x - r, y); p.closePath(); }, true],
  running: [(p, x, y, r) => { p.moveTo(x + r * 0.85, y); p.arc(x, y, r * 0.85, 0, 7); }, true],
  waiting: [(p, x, y, r) => p.rect(x - r * 0.75, y - r * 0.75, r * 1.5, r * 1.5), true],
  resolved: [(p, x, y, r) => { p.moveTo(x + r * 0.8, y); p.arc(x, y, r * 0.8, 0, 7); }, false],
  suspended: [(p, x, y, r) => p.rect(x - r * 0.7, y - r * 0.7, r * 1.4, r * 1.4), false],
};
let map = null, canvas = null, drawn = [], chosen = "", frame = 0, placed = false;

export async function show(element) {
  if (!L) throw new Error("no map");
  map = L.map(element, { ...(wall ? STILL : {}), attributionControl: Boolean(element.dataset.tiles), zoomSnap: 0.25, zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  map.setView([0, 0], 2);
  canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide", map.createPane("marks"));
  map.on("moveend zoomend resize", draw);
  if (!wall) {
    map.on("click", (event) => pick(event.containerPoint));
    L.control.scale({ imperial: false }).addTo(map);
  }
  if (element.dataset.tiles) base(element.dataset);
  const answer = await fetch("/board/shapes");
  if (!answer.ok) throw new Error(String(answer.status));
  const region = await answer.json();
  learn(region.features);
  const shapes = L.geoJSON(region, { renderer: L.canvas({ padding: EDGE }), interactive: false, style, coordsToLatLng });
  shapes.addTo(map);
  const fit = () => map.fitBounds(shapes.getBounds(), { animate: false, padding: [16 * scale(), 16 * scale()] });
  fit();
  if (wall) map.on("resize", fit);
  else map.setMinZoom(map.getZoom() - 2);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { shapes.setStyle(style); draw(); });
  placed = true;
  draw();
}

// The operator's base map, below everything.
function base({ tiles, attribution }) {
  const words = document.createElement("span");
  words.textContent = attribution;
  map.attributionControl.setPrefix(false);
  L.tileLayer(tiles, { attribution: words.innerHTML, maxZoom: 20 }).addTo(map);
}

function coordsToLatLng([lon84, lat84]) {
  const [lon, lat] = placeOf(lon84, lat84);
  return L.latLng(lat, lon);
}

function style(feature) {
  const grid = feature.properties.kind === "grid";
  return grid
    ? { color: colour("--edge"), weight: 1, dashArray: "4 3", fillColor: colour("--green"), fillOpacity: map.getContainer().dataset.tiles ? 0.15 : 0.6 }
    : { color: colour("--street"), weight: 3, opacity: 0.9 };
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const paint = () => ({
  late: colour("--bad"), soon: colour("--warn"), running: colour("--main"), waiting: colour("--soft"),
  resolved: colour("--good"), suspended: colour("--calm"), paper: colour("--paper"), ink: colour("--ink"),
});

// Draw again soon: many changes are one picture.
export function change() {
  if (!frame && placed) frame = requestAnimationFrame(draw);
}

function draw() {
  frame = 0;
  if (!placed) return;
  const size = map.getSize(), edge = size.multiplyBy(EDGE).round(), dpr = devicePixelRatio || 1;
  const corner = map.containerPointToLayerPoint([-edge.x, -edge.y]);
  const wide = size.x + 2 * edge.x, high = size.y + 2 * edge.y;
  if (canvas.width !== Math.round(wide * dpr) || canvas.height !== Math.round(high * dpr)) {
    canvas.width = Math.round(wide * dpr);
    canvas.height = Math.round(high * dpr);
    canvas.style.width = `${wide}px`;
    canvas.style.height = `${high}px`;
  }
  L.DomUtil.setPosition(canvas, corner);
  const at = now(), world = TILE * 2 ** map.getZoom(), large = scale(), origin = map.getPixelOrigin().add(corner);
  const seen = [];
  for (const one of cases.values()) {
    if (!one.at) continue;
    const x = one.at[0] * world - origin.x, y = one.at[1] * world - origin.y;
    if (x > -20 && y > -20 && x < wide + 20 && y < high + 20) seen.push({ one, x, y, kind: kindOf(one, at) });
  }
  const pen = canvas.getContext("2d"), colours = paint();
  pen.setTransform(dpr, 0, 0, dpr, 0, 0);
  pen.clearRect(0, 0, wide, high);
  const pixel = ([x, y]) => [x * world - origin.x, y * world - origin.y];
  const inside = (x, y) => x > edge.x && y > edge.y && x < wide - edge.x && y < high - edge.y;
  drawNames(pen, pixel, inside, colours.waiting, colours.paper);
  drawn = seen.length > MANY ? clustered(seen, CELL * large) : seen;
  for (const kind of [...WORST].reverse()) {
    const [path, filled] = SIGNS[kind];
    pen.beginPath();
    for (const mark of drawn) if (mark.kind === kind && !mark.count) path(pen, mark.x, mark.y, 7 * large);
    pen.strokeStyle = filled ? colours.paper : colours[kind];
    pen.lineWidth = (filled ? 1.5 : 3) * large;
    pen.fillStyle = filled ? colours[kind] : colours.paper;
    pen.fill();
    pen.stroke();
  }
  for (const mark of drawn) if (mark.count) heap(pen, mark, colours, large);
  const mine = drawn.find((mark) => mark.one?.number === chosen);
  if (mine) {
    pen.beginPath();
    pen.arc(mine.x, mine.y, 13, 0, 7);
    pen.strokeStyle = colours.ink;
    pen.lineWidth = 3;
    pen.stroke();
  }
  map.getContainer().dataset.marks = drawn.length;
  drawn.forEach((mark) => { mark.x -= edge.x; mark.y -= edge.y; });
}

function clustered(seen, side) {
  const cells = new Map();
  for (const mark of seen) {
    const key = Math.floor(mark.x / side) * 65536 + Math.floor(mark.y / side); // a number is found faster than a text
    const cell = cells.get(key);
    if (!cell) cells.set(key, { first: mark, x: mark.x, y: mark.y, count: 1, worst: RANK[mark.kind] });
    else {
      cell.x += mark.x;
      cell.y += mark.y;
      cell.count += 1;
      cell.worst = Math.min(cell.worst, RANK[mark.kind]);
    }
  }
  return [...cells.values()].map(({ first, x, y, count, worst }) => (
    count === 1 ? first : { x: x / count, y: y / count, count, kind: WORST[worst] }
  ));
}

function heap(pen, mark, colours, large) {
  const r = Math.min(24, 10 + 3 * Math.log10(mark.count) * 2) * large;
  pen.beginPath();
  pen.arc(mark.x, mark.y, r, 0, 7);
  pen.fillStyle = colours.paper;
  pen.fill();
  pen.strokeStyle = colours[mark.kind];
  pen.lineWidth = 4;
  pen.stroke();
  pen.fillStyle = colours.ink;
  pen.font = `600 ${12 * large}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(String(mark.count), mark.x, mark.y);
}

function pick(point) {
  let best = null, near = REACH;
  for (const mark of drawn) {
    const away = Math.hypot(mark.x - point.x, mark.y - point.y);
    if (away < (mark.count ? REACH + 8 : near)) [best, near] = [mark, away];
  }
  if (best?.count) map.setView(map.containerPointToLatLng([best.x, best.y]), map.getZoom() + 2);
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
  L.popup({ autoPan: true }).setLatLng(place).setContent(box).openOn(map).on("remove", () => { chosen = ""; change(); });
  change();
}
