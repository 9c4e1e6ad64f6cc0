import type { AddLayerObject, LayerSpecification } from "maplibre-gl";
import { PLACES } from "./layers";
import type { MapSettings } from "./settings";

const PREFIX = "style-";

/** The layers of the style of the keepers, over our own tiles; none where the page has its own look. */
export function styledLayers(settings: MapSettings): LayerSpecification[] {
  return (settings.drawing ?? []).map((layer) => ({ ...layer, id: PREFIX + layer.id, source: PLACES, "source-layer": settings.layer }) as LayerSpecification);
}

/** Whether a layer draws positions: circles, and letters that are marks or labels. */
export function drawsPositions(layer: LayerSpecification): boolean {
  return layer.type === "circle" || layer.type === "symbol" || layer.type === "heatmap";
}

/** The same layer over positions that were put together, for those of them that stand alone. */
export function ofSingles(layer: LayerSpecification, source: string): AddLayerObject {
  const { "source-layer": _layer, ...rest } = layer as LayerSpecification & { "source-layer"?: string };
  const alone = ["all", ["!", ["has", "cluster"]], ["has", "_id"]];
  const filter = "filter" in layer && layer.filter ? ["all", layer.filter, ...alone.slice(1)] : alone;
  return { ...rest, id: `${layer.id}-single`, source, filter } as unknown as AddLayerObject;
}
