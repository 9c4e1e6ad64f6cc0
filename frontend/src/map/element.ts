import { AttributionControl, GeoJSONSource, Map, NavigationControl, Popup, ScaleControl } from "maplibre-gl";
import type { MapGeoJSONFeature, MapMouseEvent, StyleSpecification } from "maplibre-gl";
import { withNumber } from "../announce";
import { PlaceReader } from "./places";
import { describe } from "./popup";
import { type MapSettings, readSettings } from "./settings";
import { baseStyle, placeLayers, PLACES, TOUCHED } from "./style";

const FRANCE: [number, number, number, number] = [-5, 42, 8.5, 51];
const CALM = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Draws the places of a dataset and reads more of them as the view moves. */
export class BocageMap extends HTMLElement {
  private settings!: MapSettings;
  private reader!: PlaceReader;
  private map!: Map;
  private said!: HTMLElement;

  connectedCallback(): void {
    this.settings = readSettings(this);
    this.reader = new PlaceReader(this.settings);
    const canvas = document.createElement("div");
    canvas.className = "map__canvas";
    this.said = document.createElement("p");
    this.said.className = "map__said";
    this.said.setAttribute("role", "status");
    this.replaceChildren(canvas, this.said);
    this.say("loading");
    void this.open(canvas);
  }

  disconnectedCallback(): void {
    this.map?.remove();
  }

  private async open(canvas: HTMLElement): Promise<void> {
    const { style, plain } = await baseStyle(this.settings.style, this.settings.communes);
    if (!this.isConnected) return;
    try {
      this.map = this.draw(canvas, style, plain);
    } catch {
      this.say("failed"); // no WebGL here: the table, linked above, has the same data
      return;
    }
    this.map.on("load", () => this.start());
  }

  private draw(container: HTMLElement, style: StyleSpecification, plain: boolean): Map {
    const { bbox } = this.settings;
    const map = new Map({
      container,
      style,
      bounds: bbox ?? FRANCE,
      fitBoundsOptions: { padding: 32, maxZoom: 16 },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: CALM ? 0 : 200,
      locale: {
        "Map.Title": this.dataset.mapLabel ?? "",
        "NavigationControl.ZoomIn": this.dataset.zoomIn ?? "",
        "NavigationControl.ZoomOut": this.dataset.zoomOut ?? "",
        "Popup.Close": this.dataset.close ?? "",
      },
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
    if (!plain) map.addControl(new AttributionControl({ compact: true }), "bottom-right");
    return map;
  }

  private start(): void {
    this.map.addSource(PLACES, {
      type: "geojson",
      data: { type: "FeatureCollection", features: [] },
      cluster: this.settings.points && this.reader.isWhole, // clusters would swallow lines and surfaces
      clusterMaxZoom: 14,
      clusterRadius: 42,
    });
    for (const layer of placeLayers()) this.map.addLayer(layer);
    this.map.on("click", (event) => void this.touch(event));
    this.map.on("mousemove", (event) => {
      this.map.getCanvas().style.cursor = this.under(event) ? "pointer" : "";
    });
    if (!this.reader.isWhole) this.map.on("moveend", () => void this.refresh());
    void this.refresh();
  }

  private async refresh(): Promise<void> {
    try {
      const { data, count, kind } = await this.reader.read(this.map.getBounds(), this.map.getZoom());
      this.map.getSource<GeoJSONSource>(PLACES)?.setData(data);
      this.say(kind === "cut" ? "tooMany" : kind === "grouped" ? "grouped" : count ? "shown" : "none", count);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return; // the view moved again meanwhile
      this.say("failed");
    }
  }

  private under(event: MapMouseEvent): MapGeoJSONFeature | undefined {
    return this.map.queryRenderedFeatures(event.point, { layers: [...TOUCHED] })[0];
  }

  private async touch(event: MapMouseEvent): Promise<void> {
    const feature = this.under(event);
    if (!feature) return;
    if (feature.properties.cluster) {
      this.map.easeTo({ center: event.lngLat, zoom: await this.zoomInto(feature), animate: !CALM });
      return;
    }
    new Popup({ maxWidth: "20rem", focusAfterOpen: true })
      .setLngLat(event.lngLat)
      .setDOMContent(describe(feature.properties, this.settings.labels))
      .addTo(this.map);
  }

  /** The zoom at which a group falls apart; a group counted by the server does not say, two levels usually do. */
  private async zoomInto(group: MapGeoJSONFeature): Promise<number> {
    const id: number | undefined = group.properties.cluster_id;
    const apart = id === undefined ? undefined : await this.map.getSource<GeoJSONSource>(PLACES)?.getClusterExpansionZoom(id);
    return (apart ?? this.map.getZoom() + 2) + 0.2;
  }

  private say(key: "loading" | "shown" | "grouped" | "tooMany" | "none" | "failed", n = 0): void {
    this.said.textContent = withNumber(this.dataset[key] ?? "", n);
  }
}
