import { type AddLayerObject, type ExpressionSpecification, type GeoJSONSource, type LayerSpecification, type Map, MercatorCoordinate } from "maplibre-gl";
import { themeColor } from "../announce";
import { PLACES } from "./layers";
import { drawsPositions, ofSingles } from "./styled";

const GROUPS = "groups";
/** Far enough that the circles of the largest groups do not cover one another, and that their numbers are no wall. */
const RADIUS = 64;
const LAST_ZOOM = 22;
/** Side, in pixels, of what a position takes on the map, and how many may share it before they are put together. */
const TAKEN = 12;
const CROWD = 1.4;

interface Position {
  place: [number, number];
  weight: number;
  id: string;
  values: Record<string, unknown>;
}

/** Positions that are too close to be told apart become circles with their exact number. Tiles of large datasets carry counts by
 * small cells: these are added up, so that what is written on the circles is what there is. */
export class Groups {
  private stale = true;

  constructor(
    private readonly map: Map,
    private readonly layer: string,
    private readonly styled: readonly LayerSpecification[] = [],
  ) {
    map.addSource(GROUPS, {
      type: "geojson",
      data: { type: "FeatureCollection", features: [] },
      cluster: true,
      clusterRadius: RADIUS,
      clusterMaxZoom: LAST_ZOOM,
      maxzoom: LAST_ZOOM + 1,
      clusterProperties: { total: ["+", ["get", "weight"]] },
    });
    for (const one of groupLayers()) {
      map.addLayer(one);
      if (one.id === "groups-single") this.drawSingles();
    }
    map.on("moveend", () => (this.stale = true));
    map.on("sourcedata", (event) => {
      if (event.sourceId === PLACES && event.tile) this.stale = true;
    });
    map.on("idle", () => this.refresh());
  }

  /** Positions that stand alone among groups are drawn by the style of the keepers too. */
  private drawSingles(): void {
    const positions = this.styled.filter(drawsPositions);
    if (!positions.length) return;
    this.map.setPaintProperty("groups-single", "circle-opacity", 0);
    this.map.setPaintProperty("groups-single", "circle-stroke-opacity", 0);
    for (const one of positions) this.map.addLayer(ofSingles(one, GROUPS));
  }

  private refresh(): void {
    if (!this.stale) return;
    this.stale = false;
    const positions = this.positions();
    const grouped = positions.some(({ weight }) => weight > 1) || crowded(positions, this.map.getZoom());
    const features = (grouped ? positions : []).map(({ place, weight, id, values }) => ({
      type: "Feature" as const,
      geometry: { type: "Point" as const, coordinates: place },
      properties: { ...values, weight, ...(id ? { _id: id } : {}) },
    }));
    void this.map.getSource<GeoJSONSource>(GROUPS)?.setData({ type: "FeatureCollection", features });
    for (const entry of document.querySelectorAll<HTMLElement>("[data-groups]")) entry.hidden = !grouped;
    const hidden = grouped ? "none" : "visible";
    this.map.setLayoutProperty("places-point", "visibility", hidden);
    // Surfaces keep their labels: only what draws positions is put together.
    if (positions.length) for (const one of this.styled.filter(drawsPositions)) this.map.setLayoutProperty(one.id, "visibility", hidden);
  }

  /** Those of the tiles that are drawn; each is in one tile. */
  private positions(): Position[] {
    const found = this.map.querySourceFeatures(PLACES, { sourceLayer: this.layer });
    return found.flatMap(({ geometry, properties }) => {
      if (geometry.type !== "Point") return [];
      const [lon, lat] = geometry.coordinates as [number, number];
      return [{ place: [lon, lat], weight: Number(properties._count ?? 1), id: String(properties._id ?? ""), values: this.styled.length ? properties : {} }];
    });
  }
}

/** On average, positions cover one another. */
function crowded(positions: readonly Position[], zoom: number): boolean {
  const side = (512 * 2 ** zoom) / TAKEN;
  const cells = new Set(
    positions.map(({ place }) => {
      const { x, y } = MercatorCoordinate.fromLngLat(place);
      return `${Math.floor(x * side)}/${Math.floor(y * side)}`;
    }),
  );
  return positions.length > CROWD * cells.size;
}

const TOTAL: ExpressionSpecification = ["coalesce", ["get", "total"], ["get", "weight"], 1];

/** 12 → 12, 1 234 → 1,2 k, 45 678 → 46 k, 1 200 000 → 1,2 M: short enough for a circle, in the language of the page. */
function shortCount(): ExpressionSpecification {
  const tenths: ExpressionSpecification = ["/", ["round", ["/", TOTAL, 100]], 10];
  const short: ExpressionSpecification = ["number-format", tenths, { locale: document.documentElement.lang, "max-fraction-digits": 1 }];
  const thousands: ExpressionSpecification = ["to-string", ["round", ["/", TOTAL, 1_000]]];
  const millions: ExpressionSpecification = [
    "number-format",
    ["/", ["round", ["/", TOTAL, 100_000]], 10],
    { locale: document.documentElement.lang, "max-fraction-digits": 1 },
  ];
  const steps = [1_000, ["concat", short, "\u00a0k"], 9_950, ["concat", thousands, "\u00a0k"], 999_500, ["concat", millions, "\u00a0M"]];
  return ["step", TOTAL, ["to-string", TOTAL], ...steps] as unknown as ExpressionSpecification;
}

function groupLayers(): AddLayerObject[] {
  const [accent, header, paper] = ["accent", "header", "paper"].map(themeColor) as [string, string, string];
  return [
    {
      id: "groups-single",
      type: "circle",
      source: GROUPS,
      filter: ["all", ["!", ["has", "cluster"]], ["has", "_id"]],
      paint: { "circle-color": accent, "circle-radius": 5, "circle-stroke-color": paper, "circle-stroke-width": 1.5 },
    },
    {
      id: "groups-circle",
      type: "circle",
      source: GROUPS,
      filter: [">", TOTAL, 1],
      paint: {
        "circle-color": header,
        "circle-opacity": 0.92,
        "circle-radius": ["interpolate", ["linear"], ["log10", TOTAL], 0.3, 11, 2, 15, 3, 18.5, 5, 24],
        "circle-stroke-color": paper,
        "circle-stroke-width": 2,
      },
    },
    {
      id: "groups-count",
      type: "symbol",
      source: GROUPS,
      filter: [">", TOTAL, 1],
      layout: {
        "text-field": shortCount(),
        "text-font": ["sans-serif"],
        "text-size": ["interpolate", ["linear"], ["log10", TOTAL], 0.3, 12, 3, 13, 5, 14],
        "text-allow-overlap": true,
      },
      paint: { "text-color": themeColor("on-header") },
    },
  ];
}
