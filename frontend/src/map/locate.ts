import type { GeoJSONSource, Map } from "maplibre-gl";
import { themeColor } from "../announce";
import { CALM } from "./create";
import { fill } from "./words";

const ME = "me";
const PATIENCE_MS = 15_000;
const METRES_PER_DEGREE = 111_320;

/** Shows where the reader is, once, when they ask. The position stays in the browser: it is sent to nobody. */
export function locate(map: Map, words: Record<string, string>, say: (sentence: string) => void): void {
  if (!navigator.geolocation || !window.isSecureContext) {
    say(words.locateAbsent ?? "");
    return;
  }
  say(words.locating ?? "");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      mark(map, coords);
      say(fill(words.located, { n: Math.round(coords.accuracy) }));
    },
    (error) => say((error.code === error.PERMISSION_DENIED ? words.locateRefused : words.locateFailed) ?? ""),
    { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
  );
}

function mark(map: Map, { longitude, latitude, accuracy }: GeolocationCoordinates): void {
  const high = accuracy / METRES_PER_DEGREE;
  const wide = high / Math.cos((latitude * Math.PI) / 180);
  const ring = Array.from({ length: 65 }, (_, index) => {
    const angle = (index / 32) * Math.PI;
    return [longitude + wide * Math.cos(angle), latitude + high * Math.sin(angle)];
  });
  const shapes: GeoJSON.Geometry[] = [
    { type: "Polygon", coordinates: [ring] },
    { type: "Point", coordinates: [longitude, latitude] },
  ];
  const features = shapes.map((geometry) => ({ type: "Feature" as const, geometry, properties: {} }));
  sourceOf(map).setData({ type: "FeatureCollection", features });
  const bounds: [number, number, number, number] = [longitude - wide, latitude - high, longitude + wide, latitude + high];
  map.fitBounds(bounds, { padding: 60, maxZoom: 16, animate: !CALM });
}

function sourceOf(map: Map): GeoJSONSource {
  const there = map.getSource<GeoJSONSource>(ME);
  if (there) return there;
  map.addSource(ME, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  const color = themeColor("focus");
  const only = (kind: string) => ["==", ["geometry-type"], kind] as ["==", ["geometry-type"], string];
  map.addLayer({ id: "me-around", type: "fill", source: ME, filter: only("Polygon"), paint: { "fill-color": color, "fill-opacity": 0.15 } });
  map.addLayer({
    id: "me-here",
    type: "circle",
    source: ME,
    filter: only("Point"),
    paint: { "circle-color": color, "circle-radius": 8, "circle-stroke-color": themeColor("paper"), "circle-stroke-width": 3 },
  });
  return map.getSource<GeoJSONSource>(ME) as GeoJSONSource;
}
