import { AttributionControl, type Map, type MapGeoJSONFeature, type MapMouseEvent, NavigationControl, type PointLike, ScaleControl } from "maplibre-gl";
import { announce } from "../announce";
import { CALM, draw } from "./create";
import { Highlight, middle } from "./highlight";
import { PLACES, TOUCHED } from "./layers";
import { type Listed, PlaceList } from "./list";
import { locate } from "./locate";
import { Measure } from "./measure";
import { PlacePopup } from "./popup";
import { type MapSettings, readSettings } from "./settings";
import { Sharing } from "./share";
import { readView, writeBounds } from "./view";
import { fill } from "./words";

const CLOSE_ENOUGH = 16;
const LAST_ZOOM = 21;
const PAUSE_MS = 200;
const REACH = 5;
const MOST_AT_A_POINT = 20;

/** The map of a dataset, its list and its tools: `<bocage-map data-settings="…">` around what the server made. */
export class BocageMap extends HTMLElement {
  private settings!: MapSettings;
  private map!: Map;
  private list!: PlaceList;
  private popup!: PlacePopup;
  private highlight!: Highlight;
  private measure!: Measure;
  private sharing!: Sharing;
  private page = "1";
  private waiting = 0;
  private cameFrom: Listed | null = null;

  connectedCallback(): void {
    this.settings = readSettings(this);
    this.say(this.settings.words.loading ?? "");
    void this.open();
  }

  disconnectedCallback(): void {
    this.map?.remove();
  }

  private async open(): Promise<void> {
    const { words } = this.settings;
    const container = this.querySelector<HTMLElement>("[data-map]");
    const list = this.querySelector<HTMLElement>("[data-list]");
    if (!container || !list) return;
    container.replaceChildren();
    try {
      const locale = { "Map.Title": words.map ?? "", "NavigationControl.ZoomIn": words.zoomIn ?? "", "NavigationControl.ZoomOut": words.zoomOut ?? "", "Popup.Close": words.close ?? "", "AttributionControl.ToggleAttribution": words.attribution ?? "" };
      const { map } = await draw(container, this.settings, { locale, ...readView(new URL(location.href).searchParams.get("view")) });
      this.map = map;
      map.addControl(new AttributionControl({ compact: true }), "bottom-right");
    } catch {
      this.say(words.failed ?? "");
      return;
    }
    this.equip(list);
    this.map.on("load", () => this.start());
  }

  private equip(list: HTMLElement): void {
    const { map, settings } = this;
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
    this.highlight = new Highlight(map, settings.layer);
    this.list = new PlaceList(list, `${settings.places}?${settings.filters}`, settings.words.listFailed ?? "", {
      choose: (place) => this.choose(place),
      touch: (place) => this.touched(place),
    });
    list.addEventListener("turn", (event) => this.refresh((event as CustomEvent<string>).detail));
    this.popup = new PlacePopup(map, settings, {
      show: (identifier) => {
        this.highlight.set("selected", identifier);
        this.sharing.opened(identifier);
      },
      close: () => this.closed(),
    });
    this.measure = new Measure(map, settings.words, (sentence) => this.say(sentence), (active) => {
      this.querySelector("[data-tool=measure]")?.setAttribute("aria-pressed", String(active));
    });
    this.sharing = new Sharing(this, map, settings);
    this.offerTools();
  }

  private offerTools(): void {
    this.querySelector("[data-tool=locate]")?.addEventListener("click", () => locate(this.map, this.settings.words, (sentence) => this.say(sentence)));
    this.querySelector("[data-tool=measure]")?.addEventListener("click", () => (this.measure.active ? this.measure.end() : this.measure.begin()));
    for (const panel of this.querySelectorAll<HTMLDetailsElement>("details.map-tool, details.table-form__more")) closeByKey(panel);
    window.addEventListener("popstate", () => void this.goBack());
  }

  private start(): void {
    const { map } = this;
    map.on("click", (event) => this.touch(event));
    map.on("mousemove", (event) => {
      if (!this.measure.active) map.getCanvas().style.cursor = this.under(event.point).length ? "pointer" : "";
    });
    map.on("moveend", () => {
      this.sharing.moved();
      window.clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => this.refresh("1"), PAUSE_MS);
    });
    map.on("error", (event) => {
      if ("sourceId" in event && event.sourceId === PLACES) this.say(this.settings.words.tilesFailed ?? "");
    });
    map.once("idle", () => this.say(""));
    map.getContainer().dataset.ready = "";
    this.refresh(new URL(location.href).searchParams.get("page") ?? "1");
    void this.openNamed();
  }

  private refresh(page: string): void {
    this.page = page;
    void this.list.show(writeBounds(this.map), this.page);
  }

  /** The place that the address names. */
  private async openNamed(): Promise<void> {
    const identifier = new URL(location.href).searchParams.get("place");
    if (!identifier) return;
    const bounds = await this.popup.find(identifier);
    if (bounds) this.choose({ identifier, bounds }, readView(new URL(location.href).searchParams.get("view")) === null);
    else this.say(this.settings.words.placeFailed ?? "");
  }

  /** The buttons Back and Forward: what the address says is shown. */
  private async goBack(): Promise<void> {
    const { searchParams } = new URL(location.href);
    if (this.popup.isOpen && !searchParams.get("place")) this.popup.close();
    const view = readView(searchParams.get("view"));
    if (view) this.map.jumpTo(view);
    await this.openNamed();
  }

  /** From the list, or from the address. */
  private choose(place: Listed, move = true): void {
    if (!place.bounds) return;
    this.cameFrom = place;
    const [west, south, east, north] = place.bounds;
    this.highlight.point(null);
    void this.popup.open(middle(place.bounds), [place.identifier]); // first, so that the step before keeps its own view
    if (!move) return;
    if (west === east && south === north) {
      this.map.easeTo({ center: [west, south], zoom: Math.max(this.map.getZoom(), CLOSE_ENOUGH), animate: !CALM });
    } else this.map.fitBounds(place.bounds, { padding: 60, maxZoom: 17, animate: !CALM });
  }

  private touched(place: Listed | null): void {
    this.highlight.set("hover", place?.identifier ?? null);
    this.highlight.point(place);
  }

  private closed(): void {
    this.highlight.set("selected", null);
    this.sharing.closed();
    const from = this.cameFrom;
    this.cameFrom = null;
    if (from) this.list.focus(from.identifier);
    else this.map.getCanvas().focus({ preventScroll: true });
  }

  private under({ x, y }: { x: number; y: number }): MapGeoJSONFeature[] {
    const around: [PointLike, PointLike] = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
    return this.map.queryRenderedFeatures(around, { layers: TOUCHED.filter((layer) => this.map.getLayer(layer)) });
  }

  private touch(event: MapMouseEvent): void {
    if (this.measure.active) return;
    const found = this.under(event.point);
    const first = found[0];
    if (!first) return this.popup.close();
    const { total, weight, _count } = first.properties;
    const count = Number(total ?? _count ?? weight ?? 1);
    if (count > 1) return this.approach(event, count);
    const identifiers = [...new Set(found.map((one) => String(one.properties._id ?? "")).filter(Boolean))];
    void this.popup.open(event.lngLat, identifiers.slice(0, MOST_AT_A_POINT));
  }

  /** A group falls apart as the map comes near; at the last zoom, the list says who is in it. */
  private approach(event: MapMouseEvent, count: number): void {
    const zoom = this.map.getZoom();
    if (zoom >= LAST_ZOOM) return this.list.focus("");
    announce(fill(this.settings.words.group, { n: count }));
    this.map.easeTo({ center: event.lngLat, zoom: Math.min(zoom + 2, LAST_ZOOM), animate: !CALM });
  }

  /** On the page for those who look, in the live region for those who listen. */
  private say(sentence: string): void {
    const said = this.querySelector<HTMLElement>("[data-said]");
    if (said) {
      said.textContent = sentence;
      said.hidden = !sentence;
    }
    if (sentence) announce(sentence);
  }
}

/** Escape closes the panel and gives the focus back to its title. */
function closeByKey(panel: HTMLDetailsElement): void {
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel.open) return;
    panel.open = false;
    panel.querySelector("summary")?.focus();
  });
}
