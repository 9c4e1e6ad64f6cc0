// The map of a dataset: <bocage-map data-settings="…">. Loaded on that page only.
import { setWorkerUrl } from "maplibre-gl";
import { BocageMap } from "./map/element";

setWorkerUrl(new URL("maplibre-gl-worker.mjs", import.meta.url).href);
customElements.define("bocage-map", BocageMap);
