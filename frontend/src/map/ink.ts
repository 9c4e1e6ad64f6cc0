import { type Map, MercatorCoordinate } from "maplibre-gl";
import { PLACES } from "./layers";

const TILE = 512;
/** Shapes that are measured: of more, one in so many. */
const SAMPLE = 3000;

/** How much of a view its shapes would take, were nothing hidden. */
export interface Coverage {
  /** Pixels of lines and of outlines for each pixel of the view. */
  lines: number;
  /** How many surfaces there are over a pixel, on average. */
  surfaces: number;
  /** Points, those that stand for several being as many. */
  points: number;
}

type Point = [number, number];
type Box = [number, number, number, number];

/** Of what the view shows of a layer: a sample is measured. */
export function coverage(map: Map, layer: string): Coverage {
  const shapes = map.querySourceFeatures(PLACES, { sourceLayer: layer, filter: ["!=", ["geometry-type"], "Point"] });
  const every = Math.max(1, Math.ceil(shapes.length / SAMPLE));
  const view = viewOf(map);
  let [length, area] = [0, 0];
  for (let rank = 0; rank < shapes.length; rank += every) {
    const { geometry } = shapes[rank] as { geometry: GeoJSON.Geometry };
    for (const ring of ringsOf(geometry)) {
      const line = ring.map(projected);
      length += lengthWithin(line, view);
      if (geometry.type.endsWith("Polygon")) area += areaWithin(line, view);
    }
  }
  const [wide, high] = [view[2] - view[0], view[3] - view[1]];
  const pixel = 1 / (TILE * 2 ** map.getZoom());
  const points = pointsWithin(map, layer, view);
  return { lines: (every * length * pixel) / (wide * high), surfaces: (every * area) / (wide * high), points };
}

function pointsWithin(map: Map, layer: string, [left, top, right, bottom]: Box): number {
  const found = map.querySourceFeatures(PLACES, { sourceLayer: layer, filter: ["==", ["geometry-type"], "Point"] });
  return found.reduce((sum, one) => {
    const { geometry } = one as { geometry: GeoJSON.Geometry };
    if (geometry.type !== "Point") return sum + 1;
    const [x, y] = projected(geometry.coordinates as Point);
    return x >= left && x <= right && y >= top && y <= bottom ? sum + Number(one.properties._count ?? 1) : sum;
  }, 0);
}

function ringsOf(geometry: GeoJSON.Geometry): Point[][] {
  if (geometry.type === "LineString") return [geometry.coordinates as Point[]];
  if (geometry.type === "MultiLineString" || geometry.type === "Polygon") return geometry.coordinates as Point[][];
  return geometry.type === "MultiPolygon" ? (geometry.coordinates.flat() as Point[][]) : [];
}

function projected([longitude, latitude]: Point): Point {
  const { x, y } = MercatorCoordinate.fromLngLat([longitude, latitude]);
  return [x, y];
}

function viewOf(map: Map): Box {
  const bounds = map.getBounds();
  const [left, top] = projected([bounds.getWest(), bounds.getNorth()]);
  const [right, bottom] = projected([bounds.getEast(), bounds.getSouth()]);
  return [left, top, right, bottom];
}

function lengthWithin(line: readonly Point[], view: Box): number {
  return line.slice(1).reduce((sum, to, rank) => sum + partWithin(line[rank] as Point, to, view), 0);
}

/** Length of the part of a segment that is in a box (Liang and Barsky, 1984). */
function partWithin([x, y]: Point, [toX, toY]: Point, [left, top, right, bottom]: Box): number {
  const [dx, dy] = [toX - x, toY - y];
  let [enters, leaves] = [0, 1];
  for (const [step, room] of [[-dx, x - left], [dx, right - x], [-dy, y - top], [dy, bottom - y]] as Point[]) {
    if (step === 0 && room < 0) return 0;
    if (step < 0) enters = Math.max(enters, room / step);
    if (step > 0) leaves = Math.min(leaves, room / step);
  }
  return enters < leaves ? (leaves - enters) * Math.hypot(dx, dy) : 0;
}

/** Area of the part of a ring that is in a box, as if it were spread evenly over its bounds. That of a hole, which turns the other
 * way, is negative. */
function areaWithin(ring: readonly Point[], [left, top, right, bottom]: Box): number {
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
  const [x0, y0, x1, y1] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const seen = Math.max(0, Math.min(x1, right) - Math.max(x0, left)) * Math.max(0, Math.min(y1, bottom) - Math.max(y0, top));
  const whole = (x1 - x0) * (y1 - y0);
  const area = ring.reduce((sum, [x, y], rank) => {
    const [nextX, nextY] = ring[(rank + 1) % ring.length] as Point;
    return sum + x * nextY - nextX * y;
  }, 0);
  return whole ? (area / 2) * (seen / whole) : 0;
}
