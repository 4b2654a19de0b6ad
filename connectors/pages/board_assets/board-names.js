// Names of roads on the map: each once, at the middle of its longest part in sight, where there is room.
import { unit } from "./open-cases.js";
import { scale } from "./wall.js";

const language = document.documentElement.lang;
const roads = new Map(); // name to its parts, each as two points of the unit square

export function learn(features) {
  for (const { properties, geometry } of features) {
    if (properties.kind !== "road") continue;
    const name = properties[language], line = geometry.coordinates.map(([lon, lat]) => unit(lon, lat));
    if (!roads.has(name)) roads.set(name, []);
    for (let i = 1; i < line.length; i += 1) roads.get(name).push([...line[i - 1], ...line[i]]);
  }
}

// `world` is so many pixels large, of which the picture shows those from `left`, `top` on; `inside` says what is in sight.
export function draw(pen, { world, left, top }, inside, ink, paper) {
  const size = 12 * scale(), taken = [];
  pen.font = `${size}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  pen.strokeStyle = paper;
  pen.fillStyle = ink;
  for (const [name, parts] of roads) {
    let longest = null, long = 0, whole = 0;
    for (const part of parts) {
      if (!inside(((part[0] + part[2]) / 2) * world - left, ((part[1] + part[3]) / 2) * world - top)) continue;
      const length = Math.hypot(part[2] - part[0], part[3] - part[1]) * world;
      if (length > long) [longest, long] = [part, length];
      whole += length;
    }
    if (longest) write(name, longest, whole);
  }

  function write(name, [x1, y1, x2, y2], whole) {
    const half = pen.measureText(name).width / 2, tilt = Math.atan2(y2 - y1, x2 - x1);
    const x = ((x1 + x2) / 2) * world - left, y = ((y1 + y2) / 2) * world - top, r = half + 4;
    if (whole < half * 2 || taken.some((other) => Math.hypot(other.x - x, other.y - y) < other.r + r)) return;
    taken.push({ x, y, r });
    pen.save();
    pen.translate(x, y);
    pen.rotate(Math.abs(tilt) > Math.PI / 2 ? tilt + Math.PI : tilt);
    pen.strokeText(name, 0, -0.9 * size);
    pen.fillText(name, 0, -0.9 * size);
    pen.restore();
  }
}
