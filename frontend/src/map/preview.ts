import { AttributionControl, NavigationControl } from "maplibre-gl";
import { draw } from "./create";
import { readSettings } from "./settings";

/** A map that tries a style before it is saved: `<bocage-preview data-settings="…">`. */
export class BocagePreview extends HTMLElement {
  connectedCallback(): void {
    void this.open();
  }

  private async open(): Promise<void> {
    const container = this.querySelector<HTMLElement>("[data-map]");
    if (!container) return;
    const settings = readSettings(this);
    const { map: title, zoomIn, zoomOut, attribution, failed } = settings.words;
    container.replaceChildren();
    try {
      const locale = { "Map.Title": title ?? "", "NavigationControl.ZoomIn": zoomIn ?? "", "NavigationControl.ZoomOut": zoomOut ?? "", "AttributionControl.ToggleAttribution": attribution ?? "" };
      const { map, plain } = await draw(container, settings, { locale, cooperativeGestures: false });
      map.addControl(new NavigationControl({ showCompass: false }), "top-right");
      if (!plain) map.addControl(new AttributionControl({ compact: true }), "bottom-right");
      map.on("load", () => (container.dataset.ready = ""));
    } catch {
      container.textContent = failed ?? "";
    }
  }
}
