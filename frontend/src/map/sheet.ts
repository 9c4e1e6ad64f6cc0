import type { Map } from "maplibre-gl";
import { draw } from "./create";
import { distance } from "./geodesy";
import { type MapSettings, readSettings } from "./settings";
import { creditsOf } from "./style";
import { addressWith, readView, writeView } from "./view";

const EQUATOR_M = 40_075_016.686;
const WORLD_PIXELS = 512;
/** Side of a pixel of style sheets on paper, in metres. */
const PIXEL_M = 0.0254 / 96;
/** Points of the picture for each pixel: 240 to the inch, under the largest canvas that browsers give. */
const SHARPNESS = 2.5;

/** A sheet of paper with a map at a scale. The zoom follows the latitude, so that the scale holds where the map is moved. */
export class BocageSheet extends HTMLElement {
  private settings!: MapSettings;
  private map!: Map;
  private drawn = false;

  connectedCallback(): void {
    this.settings = readSettings(this);
    void this.open();
  }

  disconnectedCallback(): void {
    this.map?.remove();
  }

  private get scale(): number {
    return Number(this.dataset.scale);
  }

  private async open(): Promise<void> {
    const container = this.querySelector<HTMLElement>("[data-map]");
    const view = readView(this.dataset.view ?? null);
    if (!container || !view) return;
    const frame = document.createElement("div");
    frame.className = "sheet__canvas";
    container.prepend(frame);
    const zoom = zoomOf(this.scale, view.center[1]);
    const options = { center: view.center, zoom, pixelRatio: SHARPNESS, canvasContextAttributes: { preserveDrawingBuffer: true } };
    const still = { scrollZoom: false, boxZoom: false, doubleClickZoom: false, touchZoomRotate: false, fadeDuration: 0 };
    const { map, plain, style } = await draw(frame, this.settings, { ...options, ...still, locale: { "Map.Title": this.settings.words.map ?? "" } });
    this.map = map;
    const credits = this.querySelector("[data-attribution]");
    if (credits) credits.textContent = plain ? creditsOf(style) : `${this.settings.words.attribution} : ${creditsOf(style)}`;
    map.on("moveend", () => this.hold());
    map.on("idle", () => this.ready());
    document.querySelector("[data-print]")?.addEventListener("click", () => this.print());
  }

  /** Mercator stretches with the latitude: a map that was moved is brought back to the scale. */
  private hold(): void {
    const zoom = zoomOf(this.scale, this.map.getCenter().lat);
    if (Math.abs(zoom - this.map.getZoom()) > 1e-6) this.map.setZoom(zoom);
    const view = writeView(this.map);
    const kept = document.querySelector<HTMLInputElement>(".sheet-form input[name=view]");
    if (kept) kept.value = view;
    const code = this.querySelector<HTMLImageElement>(".sheet__code");
    if (code) code.src = addressWith(code.src, { view });
  }

  /** The scale that is really drawn, measured on the ground between two points of the picture. */
  private ready(): void {
    const { width, height } = this.map.getContainer().getBoundingClientRect();
    const [left, right] = [this.map.unproject([width / 2 - 50, height / 2]), this.map.unproject([width / 2 + 50, height / 2])];
    this.dataset.drawn = String(distance([left.lng, left.lat], [right.lng, right.lat]) / (100 * PIXEL_M));
    this.drawn = true;
  }

  private print(): void {
    if (this.drawn) window.print();
    else this.map.once("idle", () => window.print());
  }
}

function zoomOf(scale: number, latitude: number): number {
  return Math.log2((EQUATOR_M * Math.cos((latitude * Math.PI) / 180)) / (WORLD_PIXELS * PIXEL_M * scale));
}
