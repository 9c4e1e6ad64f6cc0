import type { StyleSpecification } from "maplibre-gl";
import { themeColor } from "../announce";

const PATIENCE_MS = 2500;

export interface BaseMap {
  style: StyleSpecification;
  /** There is no base map: plain ground and outlines. */
  plain: boolean;
}

/** The style of the base map when it answers; without network, or without a base map, the plain one. */
export async function baseMap(address: string, communes: string): Promise<BaseMap> {
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

/** Plain ground, the outlines of the communes and their names. */
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
        paint: {
          "line-color": themeColor("line"),
          "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.6, 14, 1.6],
          "line-opacity": 0.55,
        },
      },
      {
        id: "communes-name",
        type: "symbol",
        source: "communes",
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
    ],
  };
}

/** The names of those who made the base map, as plain text. */
export function creditsOf(style: StyleSpecification): string {
  const said = Object.values(style.sources).map((source) => ("attribution" in source ? (source.attribution ?? "") : ""));
  const page = new DOMParser().parseFromString(said.filter(Boolean).join(" · "), "text/html");
  return page.body.textContent ?? "";
}
