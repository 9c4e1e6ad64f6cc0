// The map of a dataset, `<bocage-map data-settings="…">`, and its sheet of paper, `<bocage-sheet …>`. Loaded on these pages only.
import { setWorkerUrl } from "maplibre-gl";
import { BocageMap } from "./map/element";
import { BocagePreview } from "./map/preview";
import { BocageSheet } from "./map/sheet";

setWorkerUrl(new URL("maplibre-gl-worker.mjs", import.meta.url).href);
customElements.define("bocage-map", BocageMap);
customElements.define("bocage-preview", BocagePreview);
customElements.define("bocage-sheet", BocageSheet);
