import type { ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { themeColor } from "../announce";
import type { MapSettings } from "./settings";

const PATIENCE_MS = 2500;
const ROADS_FROM = 12;
const LAST_TILES = 15;

export interface BaseMap {
  style: StyleSpecification;
  /** There is no base map: plain ground and outlines. */
  plain: boolean;
}

/** The style of the base map when it answers; without network, or without a base map, the plain one. */
export async function baseMap(settings: MapSettings): Promise<BaseMap> {
  const address = settings.style;
  try {
    if (!address) throw new Error("no base map");
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS), referrerPolicy: "no-referrer" });
    if (!answer.ok) throw new Error(answer.statusText);
    const style = (await answer.json()) as StyleSpecification;
    // Labels are drawn with the reader's own fonts: the counts of our groups need no font of the base map.
    delete style.glyphs;
    return { style, plain: false };
  } catch {
    return { style: plainStyle(settings), plain: true };
  }
}

/** Plain ground, the outlines of the communes, the roads where the territory keeps them, and the names. */
function plainStyle(settings: MapSettings): StyleSpecification {
  const { layer, credit = "" } = settings.roads ?? {};
  const roads = layer && layer !== settings.layer ? layer : "";
  const tiles = [`${location.origin}/tiles/${roads}/{z}/{x}/{y}.mvt?properties=`];
  return {
    version: 8,
    sources: {
      communes: { type: "geojson", data: new URL(settings.communes, location.href).href, attribution: settings.words.plain ?? "" },
      ...(roads ? { roads: { type: "vector", tiles, minzoom: ROADS_FROM, maxzoom: LAST_TILES, attribution: credit } } : {}),
    },
    layers: [...groundLayers(), ...(roads ? roadLayers(roads) : []), ...nameLayers()],
  };
}

function groundLayers(): LayerSpecification[] {
  const outlines: FilterSpecification = ["==", ["geometry-type"], "Polygon"];
  const line: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], 8, 0.6, 14, 1.6];
  return [
    { id: "ground", type: "background", paint: { "background-color": themeColor("paper-soft") } },
    { id: "communes", type: "fill", source: "communes", filter: outlines, paint: { "fill-color": themeColor("paper") } },
    { id: "communes-line", type: "line", source: "communes", filter: outlines, paint: { "line-color": themeColor("line"), "line-width": line, "line-opacity": 0.55 } },
  ];
}

/** Quiet enough to stay under everything. */
function roadLayers(layer: string): LayerSpecification[] {
  const width: ExpressionSpecification = ["interpolate", ["exponential", 1.5], ["zoom"], ROADS_FROM, 0.4, 15, 2.5, 18, 12];
  const opacity: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], ROADS_FROM, 0.12, 14, 0.24];
  return [
    {
      id: "roads",
      type: "line",
      source: "roads",
      "source-layer": layer,
      minzoom: ROADS_FROM,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": themeColor("line"), "line-width": width, "line-opacity": opacity },
    },
  ];
}

function nameLayers(): LayerSpecification[] {
  return [
    {
      id: "communes-name",
      type: "symbol",
      source: "communes",
      filter: ["==", ["geometry-type"], "Point"],
      minzoom: 9.5,
      layout: {
        "text-field": ["get", "name"],
        "text-font": ["sans-serif"],
        "text-size": ["interpolate", ["linear"], ["zoom"], 9, 11, 14, 15],
        "text-max-width": 7,
        "text-padding": 6,
      },
      paint: { "text-color": themeColor("ink-soft"), "text-halo-color": themeColor("paper"), "text-halo-width": 1.5 },
    },
  ];
}

/** The names of those who made the base map, as plain text. */
export function creditsOf(style: StyleSpecification): string {
  const said = Object.values(style.sources).map((source) => ("attribution" in source ? (source.attribution ?? "") : ""));
  const page = new DOMParser().parseFromString(said.filter(Boolean).join(" · "), "text/html");
  return page.body.textContent ?? "";
}
