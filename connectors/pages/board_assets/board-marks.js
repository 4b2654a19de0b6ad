// The marks of the map: what of all open cases is in sight, gathered where there are many, and how each is painted.
import { cases, kindOf } from "./open-cases.js";
import { now } from "./setup.js";

const CELL = 56, MANY = 1500, MARGIN = 20;
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

// Each as { x, y, kind } with its case as `one`, or with the `count` of many: in a `view` of `wide` × `high` pixels at
// `left`, `top` of a `world` that is so many pixels large. Nothing is made of the cases that are only counted.
export function gather(view, large) {
  const { world, left, top, wide, high } = view, at = now();
  const seen = [];
  for (const one of cases.values()) {
    const x = one.x * world - left, y = one.y * world - top;
    if (x > -MARGIN && y > -MARGIN && x < wide + MARGIN && y < high + MARGIN) seen.push(one);
  }
  if (seen.length > MANY) return heaps(seen, view, CELL * large, at);
  return seen.map((one) => ({ one, x: one.x * world - left, y: one.y * world - top, kind: kindOf(one, at) }));
}

// One for each cell of a net that is fixed to the world, so that nothing is gathered anew when the map moves.
function heaps(seen, { world, left, top, wide, high }, side, at) {
  const column = Math.floor((left - MARGIN) / side), row = Math.floor((top - MARGIN) / side);
  const columns = Math.floor((left + wide + MARGIN) / side) - column + 1;
  const cells = new Array(columns * (Math.floor((top + high + MARGIN) / side) - row + 1));
  for (const one of seen) {
    const x = one.x * world, y = one.y * world, rank = RANK[kindOf(one, at)];
    const place = (Math.floor(y / side) - row) * columns + Math.floor(x / side) - column;
    const cell = cells[place];
    if (!cell) cells[place] = { one, x, y, count: 1, rank };
    else {
      cell.x += x;
      cell.y += y;
      cell.count += 1;
      if (rank < cell.rank) cell.rank = rank;
    }
  }
  return cells.filter(Boolean).map(({ one, x, y, count, rank }) => {
    const mark = { x: x / count - left, y: y / count - top, kind: WORST[rank] };
    return count === 1 ? { ...mark, one } : { ...mark, count };
  });
}

// `large`: how much larger than on a desk; a ring is drawn around the case with the number `chosen`.
export function paint(pen, marks, colours, large, chosen) {
  for (const kind of [...WORST].reverse()) {
    const [path, filled] = SIGNS[kind];
    pen.beginPath();
    for (const mark of marks) if (mark.kind === kind && !mark.count) path(pen, mark.x, mark.y, 7 * large);
    pen.strokeStyle = filled ? colours.paper : colours[kind];
    pen.lineWidth = (filled ? 1.5 : 3) * large;
    pen.fillStyle = filled ? colours[kind] : colours.paper;
    pen.fill();
    pen.stroke();
  }
  pen.font = `600 ${12 * large}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineWidth = 4;
  for (const mark of marks) if (mark.count) heap(pen, mark, colours, large);
  const mine = chosen && marks.find((mark) => mark.one?.number === chosen);
  if (mine) {
    pen.beginPath();
    pen.arc(mine.x, mine.y, 13, 0, 7);
    pen.strokeStyle = colours.ink;
    pen.lineWidth = 3;
    pen.stroke();
  }
}

function heap(pen, mark, colours, large) {
  pen.beginPath();
  pen.arc(mark.x, mark.y, Math.min(24, 10 + 6 * Math.log10(mark.count)) * large, 0, 7);
  pen.fillStyle = colours.paper;
  pen.fill();
  pen.strokeStyle = colours[mark.kind];
  pen.stroke();
  pen.fillStyle = colours.ink;
  pen.fillText(mark.count, mark.x, mark.y);
}
