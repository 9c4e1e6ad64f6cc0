import type { GeoJSONSource, Map, MapMouseEvent } from "maplibre-gl";
import { themeColor } from "../announce";
import { area, length, type Position } from "./geodesy";
import { area as writeArea, fill, length as writeLength } from "./words";

const SOURCE = "measure";

/** Lengths and areas on the ground, with the pointer or with the keyboard alone. */
export class Measure {
  active = false;
  private points: Position[] = [];
  private readonly cross = document.createElement("span");

  constructor(
    private readonly map: Map,
    private readonly words: Record<string, string>,
    private readonly say: (sentence: string) => void,
    private readonly changed: (active: boolean) => void,
  ) {
    this.cross.className = "map__cross";
    this.cross.hidden = true;
    this.cross.setAttribute("aria-hidden", "true");
    map.getContainer().append(this.cross);
    map.on("click", (event) => this.click(event));
    map.on("dblclick", (event) => {
      if (!this.active) return;
      event.preventDefault();
      this.end();
    });
    map.getCanvas().addEventListener("keydown", (event) => this.key(event));
  }

  begin(): void {
    this.active = true;
    this.points = [];
    this.map.doubleClickZoom.disable();
    this.map.getCanvas().classList.add("is-measuring");
    this.cross.hidden = false;
    this.show();
    this.say(this.words.measureHelp ?? "");
    this.map.getCanvas().focus({ preventScroll: true });
    this.changed(true);
  }

  /** What was measured stays said; what was drawn goes with the next measure, or with `clear`. */
  end(): void {
    this.active = false;
    this.map.doubleClickZoom.enable();
    this.map.getCanvas().classList.remove("is-measuring");
    this.cross.hidden = true;
    const result = this.result();
    this.say([this.words.measureEnded, result].filter(Boolean).join(" "));
    if (!this.points.length) this.say("");
    this.changed(false);
  }

  clear(): void {
    this.points = [];
    this.show();
  }

  private click(event: MapMouseEvent): void {
    if (!this.active || event.originalEvent.detail > 1) return; // the second click of a double click is not a point
    this.add([event.lngLat.lng, event.lngLat.lat]);
  }

  private key(event: KeyboardEvent): void {
    if (!this.active) return;
    if (event.key === "Enter" || event.key === " ") {
      const { lng, lat } = this.map.getCenter();
      this.add([lng, lat]);
    } else if (event.key === "Backspace") {
      this.points.pop();
      this.show();
      this.say(this.result() || (this.words.measureEmpty ?? ""));
    } else if (event.key === "Escape") {
      this.end();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private add(point: Position): void {
    this.points.push(point);
    this.show();
    this.say(this.result() || (this.words.measureHelp ?? ""));
  }

  private result(): string {
    if (this.points.length < 2) return "";
    const measured = writeLength(length(this.points), this.words);
    if (this.points.length < 3) return fill(this.words.measuredLength, { length: measured });
    return fill(this.words.measured, { length: measured, area: writeArea(area(this.points), this.words) });
  }

  private show(): void {
    const shapes: GeoJSON.Geometry[] = [];
    if (this.points.length > 2) shapes.push({ type: "Polygon", coordinates: [[...this.points, this.points[0] as Position]] });
    if (this.points.length > 1) shapes.push({ type: "LineString", coordinates: this.points });
    shapes.push(...this.points.map((coordinates) => ({ type: "Point" as const, coordinates })));
    const features = shapes.map((geometry) => ({ type: "Feature" as const, geometry, properties: {} }));
    this.source().setData({ type: "FeatureCollection", features });
  }

  private source(): GeoJSONSource {
    const there = this.map.getSource<GeoJSONSource>(SOURCE);
    if (there) return there;
    this.map.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    const [color, paper] = [themeColor("danger"), themeColor("paper")];
    const only = (kind: string) => ["==", ["geometry-type"], kind] as ["==", ["geometry-type"], string];
    const of = { source: SOURCE };
    this.map.addLayer({ id: "measure-area", type: "fill", ...of, filter: only("Polygon"), paint: { "fill-color": color, "fill-opacity": 0.12 } });
    this.map.addLayer({ id: "measure-line", type: "line", ...of, filter: only("LineString"), paint: { "line-color": color, "line-width": 2.5 } });
    this.map.addLayer({
      id: "measure-point",
      type: "circle",
      ...of,
      filter: only("Point"),
      paint: { "circle-color": paper, "circle-radius": 4.5, "circle-stroke-color": color, "circle-stroke-width": 2.5 },
    });
    return this.map.getSource<GeoJSONSource>(SOURCE) as GeoJSONSource;
  }
}
