// From WGS-84 to the datum of the base map, in degrees: a port of schemas/datum.py, which says where it comes from.
const A = 6378245, EE = 0.00669342162296594323, BD = (Math.PI * 3000) / 180;
const WEST = 72.004, EAST = 137.8347, SOUTH = 0.8293, NORTH = 55.8271;
const { sin, cos, sqrt, abs, hypot, atan2, PI } = Math;

export function gcj02(lon, lat) {
  if (lon < WEST || lon > EAST || lat < SOUTH || lat > NORTH) return [lon, lat];
  const x = lon - 105, y = lat - 35, common = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common;
  north += ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3;
  north += ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common;
  east += ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3;
  east += ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  const phi = (lat * PI) / 180, magic = 1 - EE * sin(phi) ** 2;
  north = (north * 180) / (((A * (1 - EE)) / (magic * sqrt(magic))) * PI);
  east = (east * 180) / ((A / sqrt(magic)) * cos(phi) * PI);
  return [lon + east, lat + north];
}

export function bd09(lon, lat) {
  const [x, y] = gcj02(lon, lat);
  const radius = hypot(x, y) + 0.00002 * sin(y * BD), angle = atan2(y, x) + 0.000003 * cos(x * BD);
  return [radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006];
}

const ways = { wgs84: (lon, lat) => [lon, lat], gcj02, bd09 };

// Where a place is drawn: in the datum of the base map, or as it is where there is none.
export const drawn = ways[document.getElementById("map")?.dataset.datum] ?? ways.wgs84;
