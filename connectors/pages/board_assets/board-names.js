// Names of roads on the map: each once, at the middle of its longest part in sight, where there is room.
import { unit } from "./open-cases.js";
import { scale } from "./wall.js";

const language = document.documentElement.lang;
let roads = [];

export function learn(features) {
  roads = features
    .filter((feature) => feature.properties.kind === "road")
    .map((feature) => ({ name: feature.properties[language], line: feature.geometry.coordinates.map(([lon, lat]) => unit(lon, lat)) }));
}

// `place` turns a point of the unit square into pixels; `inside` says whether it is in sight.
export function draw(pen, place, inside, ink, paper) {
  const longest = new Map();
  for (const { name, line } of roads) {
    for (let i = 1; i < line.length; i += 1) {
      const [x1, y1] = place(line[i - 1]), [x2, y2] = place(line[i]);
      const x = (x1 + x2) / 2, y = (y1 + y2) / 2, long = Math.hypot(x2 - x1, y2 - y1);
      if (!inside(x, y)) continue;
      const before = longest.get(name) ?? { long: 0, whole: 0 };
      const best = long > before.long ? { x, y, long, tilt: Math.atan2(y2 - y1, x2 - x1) } : before;
      longest.set(name, { ...best, whole: before.whole + long });
    }
  }
  const size = 12 * scale();
  pen.font = `${size}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  const taken = [];
  for (const [name, { x, y, whole, tilt }] of longest) {
    const half = pen.measureText(name).width / 2;
    const spot = { x, y, r: half + 4 };
    if (whole < half * 2 || taken.some((other) => Math.hypot(other.x - x, other.y - y) < other.r + spot.r)) continue;
    taken.push(spot);
    pen.save();
    pen.translate(x, y);
    pen.rotate(Math.abs(tilt) > Math.PI / 2 ? tilt + Math.PI : tilt);
    pen.strokeStyle = paper;
    pen.lineWidth = 3;
    pen.strokeText(name, 0, -0.9 * size);
    pen.fillStyle = ink;
    pen.fillText(name, 0, -0.9 * size);
    pen.restore();
  }
}
