import type { ExpressionSpecification, Map } from "maplibre-gl";
import { coverage, type Coverage } from "./ink";
import { GROUPED, PLACES, state } from "./layers";

/** Length of lines that a view bears at their full width: pixels for each pixel of the view. */
const AT_EASE = 0.08;
const THINNEST = 0.22;
const FAINTEST = 0.03;
/** How much of the ground shapes may hide, together, where there are as many everywhere. */
const MOST_HIDDEN = 0.8;
const SURFACE = 0.22;
/** Points of a view that are few, and drawn larger; from how many they are as the zoom has them. */
const FEW = 30;
const SEVERAL = 300;
const LARGER = 1.6;

/** Where shapes are so many that they would cover the ground, their lines get thinner and all of them lighter, by how much ink
 * the view would take: what is denser stays darker, and no view is a wall. Points that are few are larger. */
export class Density {
  private stale = true;
  private known = "";
  private readonly widths: Record<string, unknown> = {};
  private readonly radius: unknown;

  constructor(
    private readonly map: Map,
    private readonly layer: string,
  ) {
    for (const one of this.layers()) this.widths[one] = map.getPaintProperty(one, "line-width");
    // A style of the keepers has its own sizes: our points are hidden below it.
    const ours = map.getLayer("places-point") && map.getPaintProperty("places-point", "circle-opacity") === undefined;
    this.radius = ours ? map.getPaintProperty("places-point", "circle-radius") : undefined;
    map.on("moveend", () => (this.stale = true));
    map.on("sourcedata", (event) => {
      if (event.sourceId === PLACES && event.tile) this.stale = true;
    });
    map.on("idle", () => this.refresh());
  }

  private layers(): string[] {
    return ["places-line", "places-area-line"].filter((one) => this.map.getLayer(one));
  }

  private refresh(): void {
    if (!this.stale) return;
    this.stale = false;
    const found = coverage(this.map, this.layer);
    const share = stepped(Math.min(1, Math.max(THINNEST, Math.sqrt(AT_EASE / Math.max(AT_EASE, found.lines)))));
    const looks = {
      share,
      line: this.opacityOfLines(found, share),
      surface: opacityOf(found.surfaces, SURFACE),
      radius: enlarged(found.points),
    };
    if (JSON.stringify(looks) === this.known) return;
    this.known = JSON.stringify(looks);
    for (const one of this.layers()) {
      this.map.setPaintProperty(one, "line-width", scaled(this.widths[one], share));
      this.map.setPaintProperty(one, "line-opacity", state(1, 1, looks.line));
    }
    if (this.radius) this.map.setPaintProperty("places-point", "circle-radius", scaled(this.radius, looks.radius));
    if (this.map.getLayer("places-line-case")) this.map.setLayoutProperty("places-line-case", "visibility", share < 0.7 ? "none" : "visible");
    if (this.map.getLayer("places-area")) {
      this.map.setPaintProperty("places-area", "fill-opacity", state(0.5, 0.4, ["case", GROUPED, 0.4, looks.surface]));
    }
  }

  private opacityOfLines({ lines }: Coverage, share: number): number {
    const width = widthAt(this.widths["places-line"] ?? this.widths["places-area-line"], this.map.getZoom());
    return opacityOf(lines * width * share, 0.25 + 0.75 * share);
  }
}

/** How much larger points are drawn where they are few: a dozen is seen at a glance. */
function enlarged(points: number): number {
  const many = Math.log(Math.max(1, points) / FEW) / Math.log(SEVERAL / FEW);
  return stepped(LARGER - (LARGER - 1) * Math.min(1, Math.max(0, many)));
}

/** With which `times` layers of it hide no more than they may; `most` where they are few. */
function opacityOf(times: number, most: number): number {
  const bearable = 1 - (1 - MOST_HIDDEN) ** (1 / Math.max(times, 0.01));
  return Number(Math.max(FAINTEST, Math.min(most, bearable)).toFixed(2));
}

/** Few different widths, so that a small move redraws nothing. */
function stepped(share: number): number {
  return Math.max(THINNEST, Math.round(share * 8) / 8);
}

type Curve = [string, unknown, unknown, ...number[]];

/** Widths by zoom, `["interpolate", ["linear"], ["zoom"], zoom, width, …]`, all of them times `share`. */
function scaled(width: unknown, share: number): ExpressionSpecification {
  const [kind, curve, input, ...stops] = width as Curve;
  return [kind, curve, input, ...stops.map((stop, rank) => (rank % 2 ? stop * share : stop))] as unknown as ExpressionSpecification;
}

/** Pixels, of the stop before: near enough to choose how dark lines are. */
function widthAt(width: unknown, zoom: number): number {
  const [, , , ...stops] = width as Curve;
  const before = stops.filter((_stop, rank) => rank % 2 && (stops[rank - 1] as number) <= zoom);
  return before.at(-1) ?? stops[1] ?? 1;
}
