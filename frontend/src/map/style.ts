import type { AddLayerObject, StyleSpecification } from "maplibre-gl";
import { themeColor } from "../announce";

export const PLACES = "places";
/** Layers that a click looks at, from top to bottom. */
export const TOUCHED = ["places-cluster", "places-point", "places-line", "places-fill"] as const;

const PATIENCE_MS = 2500;

/** The style of the base map when it answers; without network, or without a base map, the plain one. */
export async function baseStyle(address: string, communes: string): Promise<{ style: StyleSpecification; plain: boolean }> {
  try {
    if (!address) throw new Error("no base map");
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS), referrerPolicy: "no-referrer" });
    if (!answer.ok) throw new Error(answer.statusText);
    const style = (await answer.json()) as StyleSpecification;
    // Labels are drawn with the reader's own fonts: the counts of our groups need no font of the base map.
    delete style.glyphs;
    return { style, plain: false };
  } catch {
    return { style: plainStyle(communes), plain: true };
  }
}

/** Plain ground and the outlines of the communes. */
function plainStyle(communes: string): StyleSpecification {
  return {
    version: 8,
    sources: { communes: { type: "geojson", data: new URL(communes, location.href).href } },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": themeColor("paper-soft") } },
      { id: "communes", type: "fill", source: "communes", paint: { "fill-color": themeColor("paper") } },
      {
        id: "communes-line",
        type: "line",
        source: "communes",
        paint: { "line-color": themeColor("line"), "line-width": 1, "line-opacity": 0.6 },
      },
    ],
  };
}

/** How the places are drawn, whatever their shapes. */
export function placeLayers(): AddLayerObject[] {
  const accent = themeColor("accent");
  const header = themeColor("header");
  const paper = themeColor("paper");
  return [
    {
      id: "places-fill",
      type: "fill",
      source: PLACES,
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": accent, "fill-opacity": 0.28 },
    },
    {
      id: "places-line",
      type: "line",
      source: PLACES,
      filter: ["!=", ["geometry-type"], "Point"],
      paint: { "line-color": accent, "line-width": ["interpolate", ["linear"], ["zoom"], 9, 1, 15, 3] },
    },
    {
      id: "places-point",
      type: "circle",
      source: PLACES,
      filter: ["all", ["==", ["geometry-type"], "Point"], ["!", ["has", "point_count"]]],
      paint: {
        "circle-color": accent,
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 4, 15, 8],
        "circle-stroke-color": paper,
        "circle-stroke-width": 1.5,
      },
    },
    {
      id: "places-cluster",
      type: "circle",
      source: PLACES,
      filter: ["has", "point_count"],
      paint: {
        "circle-color": header,
        "circle-opacity": 0.88,
        "circle-radius": ["interpolate", ["linear"], ["get", "point_count"], 2, 13, 50, 17, 1000, 22, 20000, 28],
        "circle-stroke-color": paper,
        "circle-stroke-width": 2,
      },
    },
    {
      id: "places-count",
      type: "symbol",
      source: PLACES,
      filter: ["has", "point_count"],
      layout: {
        "text-field": ["get", "point_count_abbreviated"],
        "text-font": ["sans-serif"],
        "text-size": 13,
        "text-allow-overlap": true,
      },
      paint: { "text-color": themeColor("on-header") },
    },
  ];
}
