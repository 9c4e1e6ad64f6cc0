import { type GeoJSONSource, Map, type MapOptions } from "maplibre-gl";
import { Density } from "./density";
import { Groups } from "./groups";
import { isShape, placeLayers, placeSource, PLACES } from "./layers";
import { styledLayers } from "./styled";
import type { MapSettings } from "./settings";
import { type BaseMap, baseMap } from "./style";

export const CALM = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const FRANCE: [number, number, number, number] = [-5, 42, 8.5, 51];

export interface Drawn extends BaseMap {
  map: Map;
}

/** A map with the places of the dataset over a ground, north up. Throws where the browser cannot draw. */
export async function draw(container: HTMLElement, settings: MapSettings, options: Partial<MapOptions>): Promise<Drawn> {
  const ground = await baseMap(settings);
  const map = new Map({
    style: ground.style,
    ...(options.center ? {} : { bounds: settings.bbox ?? FRANCE, fitBoundsOptions: { padding: 40, maxZoom: 16 } }),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    fadeDuration: CALM ? 0 : 150,
    ...options,
    container,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.on("load", () => {
    map.addSource(PLACES, placeSource(settings));
    const styled = styledLayers(settings);
    const names = map.getStyle().layers.find((one) => one.type === "symbol")?.id;
    for (const layer of placeLayers(settings.layer, styled)) map.addLayer(layer, isShape(layer) ? names : undefined);
    new Groups(map, settings.layer, styled);
    if (!styled.length) new Density(map, settings.layer);
    if (!settings.bbox && !options.center) void showTerritory(map);
  });
  return { map, ...ground };
}

/** Where the dataset has no place, the territory is what there is to see. */
async function showTerritory(map: Map): Promise<void> {
  const bounds = await map.getSource<GeoJSONSource>("communes")?.getBounds();
  if (bounds && !bounds.isEmpty()) map.fitBounds(bounds, { padding: 40, animate: false });
}
