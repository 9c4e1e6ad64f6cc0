import type { LngLatBounds } from "maplibre-gl";
import type { MapSettings } from "./settings";

export interface Places {
  data: GeoJSON.FeatureCollection;
  /** More places exist in this view than were asked. */
  cut: boolean;
}

/** Asks for the places in view; a new question cancels the one before. */
export class PlaceReader {
  private asked: AbortController | null = null;

  constructor(private readonly settings: MapSettings) {}

  /** The whole dataset is small enough to be asked once. */
  get isWhole(): boolean {
    return this.settings.total <= this.settings.limit;
  }

  async read(bounds: LngLatBounds): Promise<Places> {
    this.asked?.abort();
    this.asked = new AbortController();
    const answer = await fetch(this.address(bounds), { signal: this.asked.signal, credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    const data = (await answer.json()) as GeoJSON.FeatureCollection;
    return { data, cut: !this.isWhole && data.features.length >= this.settings.limit };
  }

  private address(bounds: LngLatBounds): URL {
    const address = new URL(this.settings.geojson, location.href);
    if (this.isWhole) return address;
    const box = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
    address.searchParams.set("where", `in_bbox(${this.settings.field}, ${box.map((n) => n.toFixed(6)).join(", ")})`);
    address.searchParams.set("limit", String(this.settings.limit));
    return address;
  }
}
