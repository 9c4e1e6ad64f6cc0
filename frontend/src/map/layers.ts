import type { AddLayerObject, ExpressionSpecification, FilterSpecification, LayerSpecification, VectorSourceSpecification } from "maplibre-gl";
import { themeColor } from "../announce";
import type { MapSettings } from "./settings";

export const PLACES = "places";
/** Layers that a click looks at, from top to bottom. */
export const TOUCHED = ["groups-circle", "groups-single", "places-group", "places-point", "places-line", "places-area"] as const;
/** Beyond, those of this zoom are enlarged: what is dense is told apart until there. */
const CLOSEST_TILES = 18;

export const GROUPED: ExpressionSpecification = ["has", "_count"];
const POINT = ["Point", "MultiPoint"];
const LINE = ["LineString", "MultiLineString"];
const AREA = ["Polygon", "MultiPolygon"];

export function placeSource(settings: MapSettings): VectorSourceSpecification {
  return {
    type: "vector",
    tiles: [location.origin + settings.tiles],
    maxzoom: CLOSEST_TILES,
    promoteId: { [settings.layer]: "_id" },
    ...(settings.bbox ? { bounds: settings.bbox } : {}),
  };
}

function drawn(kinds: string[], grouped?: boolean): FilterSpecification {
  const kind: ExpressionSpecification = ["match", ["geometry-type"], kinds, true, false];
  return grouped === undefined ? kind : ["all", kind, grouped ? GROUPED : ["!", GROUPED]];
}

export function state<T extends number | string>(selected: T, hovered: T, other: T | ExpressionSpecification): ExpressionSpecification {
  const is = (name: string): ExpressionSpecification => ["boolean", ["feature-state", name], false];
  return ["case", is("selected"), selected, is("hover"), hovered, other];
}

function byZoom(...stops: number[]): ExpressionSpecification {
  return ["interpolate", ["linear"], ["zoom"], ...stops] as unknown as ExpressionSpecification;
}

/** Lines and surfaces lie under the names of the ground, which would be unreadable below them. */
export function isShape(layer: AddLayerObject): boolean {
  return layer.type === "fill" || layer.type === "line";
}

/** How the places are drawn, whatever their shapes: a light casing keeps them legible on any ground. */
export function placeLayers(layer: string, styled: readonly LayerSpecification[] = []): AddLayerObject[] {
  const usual = usualLayers(layer);
  return styled.length ? around(styled, usual) : usual;
}

/** The style of the keepers draws; our own layers, above it, only tell what is touched and chosen, and what stands for several. */
function around(styled: readonly LayerSpecification[], usual: readonly AddLayerObject[]): AddLayerObject[] {
  const quiet = usual.map((one): AddLayerObject => {
    const paint = QUIET[one.id];
    if (!paint || !("paint" in one)) return one;
    return { ...one, paint: { ...one.paint, ...paint } } as AddLayerObject;
  });
  return [...styled, ...quiet.filter((one) => one.id !== "places-line-case")];
}

const QUIET: Record<string, Record<string, unknown>> = {
  "places-area": { "fill-opacity": ["case", GROUPED, 0.3, state(0.4, 0.3, 0)] },
  "places-area-line": { "line-opacity": state(1, 1, 0) },
  "places-line": { "line-opacity": ["case", GROUPED, 0.5, state(0.9, 0.8, 0)] },
  "places-point": { "circle-opacity": state(0.9, 0.8, 0), "circle-stroke-opacity": state(1, 1, 0) },
};

function usualLayers(layer: string): AddLayerObject[] {
  const [accent, paper, focus] = ["accent", "paper", "focus"].map(themeColor) as [string, string, string];
  const of = { source: PLACES, "source-layer": layer };
  const touchedColor = state(focus, focus, accent);
  return [
    {
      id: "places-area",
      type: "fill",
      ...of,
      filter: drawn(AREA),
      paint: { "fill-color": touchedColor, "fill-opacity": state(0.5, 0.4, ["case", GROUPED, 0.4, 0.22]) },
    },
    {
      id: "places-area-line",
      type: "line",
      ...of,
      filter: drawn(AREA, false),
      layout: { "line-join": "round" },
      paint: { "line-color": touchedColor, "line-width": byZoom(8, 0.6, 13, 1.4, 18, 2.4) },
    },
    {
      id: "places-line-case",
      type: "line",
      ...of,
      filter: drawn(LINE),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": paper, "line-opacity": byZoom(10, 0, 12, 0.85), "line-width": byZoom(9, 2, 14, 6, 18, 11) },
    },
    {
      id: "places-line",
      type: "line",
      ...of,
      filter: drawn(LINE),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": touchedColor, "line-width": byZoom(7, 0.8, 11, 1.4, 14, 3.2, 18, 7) },
    },
    {
      id: "places-point",
      type: "circle",
      ...of,
      filter: drawn(POINT, false),
      paint: {
        "circle-color": touchedColor,
        "circle-radius": byZoom(6, 2.5, 11, 4, 14, 5.5, 18, 9),
        "circle-stroke-color": paper,
        "circle-stroke-width": byZoom(8, 0.75, 14, 1.75),
      },
    },
    {
      id: "places-group",
      type: "circle",
      ...of,
      filter: drawn(POINT, true),
      paint: {
        "circle-color": accent,
        "circle-opacity": ["interpolate", ["linear"], ["log10", ["get", "_count"]], 0.3, 0.2, 1.5, 0.32, 3.5, 0.6],
        "circle-radius": ["interpolate", ["linear"], ["log10", ["get", "_count"]], 0.3, 3, 3, 8],
      },
    },
  ];
}
