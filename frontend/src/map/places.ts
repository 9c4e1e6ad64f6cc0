import type { LngLatBounds } from "maplibre-gl";
import type { MapSettings } from "./settings";

export interface Places {
  data: GeoJSON.FeatureCollection;
  /** Number of places that `data` stands for. */
  count: number;
  /** all: one feature a place. grouped: counted by the server. cut: more exist in this view than are drawn. */
  kind: "all" | "grouped" | "cut";
}

interface Group {
  n: number;
  place: { cluster_centroid: { lon: number; lat: number } } | null;
}

const MOST_GROUPS = 1000;

/** Asks for the places in view; a new question cancels the one before. */
export class PlaceReader {
  private asked: AbortController | null = null;

  constructor(private readonly settings: MapSettings) {}

  /** The whole dataset is small enough to be asked once. */
  get isWhole(): boolean {
    return this.settings.total <= this.settings.limit;
  }

  /** Few places are read one by one; many points come as exact counts, grouped by the server for this zoom. */
  async read(bounds: LngLatBounds, zoom: number): Promise<Places> {
    this.asked?.abort();
    this.asked = new AbortController();
    if (!this.isWhole && this.settings.points) {
      const groups = await this.groups(bounds, zoom);
      const count = groups.reduce((sum, group) => sum + group.n, 0);
      if (count > this.settings.limit) return { data: asFeatures(groups), count, kind: "grouped" };
    }
    const data = await this.ask<GeoJSON.FeatureCollection>(this.settings.geojson, this.isWhole ? {} : this.inView(bounds));
    const count = data.features.length;
    return { data, count, kind: !this.isWhole && count >= this.settings.limit ? "cut" : "all" };
  }

  private async groups(bounds: LngLatBounds, zoom: number): Promise<Group[]> {
    const answer = await this.ask<{ results: Group[] }>(this.settings.records, {
      ...this.inView(bounds),
      select: "count(*) as n",
      group_by: `geo_cluster(${this.settings.field}, ${Math.max(1, Math.round(zoom))}) as place`,
      limit: String(MOST_GROUPS),
    });
    return answer.results;
  }

  private inView(bounds: LngLatBounds): Record<string, string> {
    const box = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
    const where = `in_bbox(${this.settings.field}, ${box.map((n) => n.toFixed(6)).join(", ")})`;
    return { where, limit: String(this.settings.limit) };
  }

  private async ask<T>(path: string, parameters: Record<string, string>): Promise<T> {
    const address = new URL(path, location.href);
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    const answer = await fetch(address, { signal: this.asked?.signal ?? null, credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    return (await answer.json()) as T;
  }
}

/** Groups in the shape that MapLibre gives to its own clusters, so that one layer draws both. */
function asFeatures(groups: Group[]): GeoJSON.FeatureCollection {
  const short = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" });
  return {
    type: "FeatureCollection",
    features: groups.flatMap(({ n, place }) => {
      if (!place) return [];
      const { lon, lat } = place.cluster_centroid;
      const properties = { cluster: true, point_count: n, point_count_abbreviated: short.format(n) };
      return [{ type: "Feature" as const, geometry: { type: "Point" as const, coordinates: [lon, lat] }, properties }];
    }),
  };
}
