import type { Map } from "maplibre-gl";

/** What is seen, as addresses say it: `view=zoom/latitude/longitude` (portal/map_view.py). */
export interface View {
  zoom: number;
  center: [number, number];
}

export function readView(text: string | null): View | null {
  const numbers = (text ?? "").split("/").map(Number);
  const [zoom, lat, lon] = numbers as [number, number, number];
  const sound = numbers.length === 3 && numbers.every(Number.isFinite) && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 22;
  return sound ? { zoom, center: [lon, lat] } : null;
}

export function writeView(map: Map): string {
  const { lng, lat } = map.getCenter().wrap();
  return `${map.getZoom().toFixed(2)}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
}

/** West, south, east, north of what the map shows. */
export function writeBounds(map: Map): string {
  const bounds = map.getBounds();
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((n) => n.toFixed(6)).join(",");
}

/** The address with some parameters changed; an empty value takes one away. Slashes stay readable. */
export function addressWith(address: string, changes: Record<string, string>): string {
  const url = new URL(address, location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  url.search = url.search.replaceAll("%2F", "/");
  return url.href;
}
