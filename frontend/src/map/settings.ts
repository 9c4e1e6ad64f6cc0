import type { LayerSpecification } from "maplibre-gl";

export interface Roads {
  layer?: string;
  credit?: string;
}

/** What the server says of a map, in `data-settings` (portal/map_settings.py). */
export interface MapSettings {
  /** Layers of the style of the keepers, whose source is `data`; none for the look of the page. */
  drawing?: LayerSpecification[];
  /** Name of the layer of the tiles. */
  layer: string;
  /** Template of the addresses of tiles. */
  tiles: string;
  /** Address of the list of places; that of a place is below it. */
  places: string;
  /** Address of the QR code. */
  code: string;
  /** Address of the sheet to print. */
  sheet: string;
  /** Query of the filter in use, without its question mark. */
  filters: string;
  /** West, south, east, north in degrees. */
  bbox: [number, number, number, number] | null;
  /** Style of a base map, or empty. */
  style: string;
  /** Address of the outlines drawn when there is no base map. */
  communes: string;
  /** Roads drawn with them: layer of tiles, who made it (HTML); empty where the territory has none. */
  roads?: Roads;
  /** Sentences, in the language of the page. */
  words: Record<string, string>;
}

export function readSettings(element: HTMLElement): MapSettings {
  return JSON.parse(element.dataset.settings ?? "{}") as MapSettings;
}
