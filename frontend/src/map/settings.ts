/** What the server says of a map, in `data-settings`. */
export interface MapSettings {
  /** Address of the GeoJSON export. */
  geojson: string;
  /** Address of the records, for counts by place. */
  records: string;
  /** Every place is a point: places may be grouped. */
  points: boolean;
  /** The geographic field, quoted for ODSQL. */
  field: string;
  /** West, south, east, north in degrees. */
  bbox: [number, number, number, number] | null;
  /** Most places asked at once. */
  limit: number;
  /** Rows of the dataset. */
  total: number;
  /** Style of a base map, or empty. */
  style: string;
  /** Address of the outlines drawn when there is no base map. */
  communes: string;
  /** Words for the fields of a place. */
  labels: Record<string, string>;
}

export function readSettings(element: HTMLElement): MapSettings {
  return JSON.parse(element.dataset.settings ?? "{}") as MapSettings;
}
