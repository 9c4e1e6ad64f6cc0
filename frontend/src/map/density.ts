import type { ExpressionSpecification, Map } from "maplibre-gl";
import { PLACES } from "./layers";

/** Lines and outlines that a view of a thousand pixels bears at their full width. */
const AT_EASE = 1500;
const THINNEST = 0.22;

/** Where shapes are so many that they would cover the ground, their lines get thinner and lighter: what is denser stays darker. */
export class Density {
  private stale = true;
  private known = 1;
  private readonly widths: Record<string, unknown> = {};

  constructor(
    private readonly map: Map,
    private readonly layer: string,
  ) {
    for (const one of this.layers()) this.widths[one] = map.getPaintProperty(one, "line-width");
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
    const shapes = this.map.querySourceFeatures(PLACES, { sourceLayer: this.layer, filter: ["!=", ["geometry-type"], "Point"] });
    const { clientWidth, clientHeight } = this.map.getContainer();
    const bearable = (AT_EASE * clientWidth * clientHeight) / 1_000_000;
    const share = stepped(Math.min(1, Math.max(THINNEST, Math.sqrt(bearable / Math.max(1, shapes.length)))));
    if (share === this.known) return;
    this.known = share;
    for (const one of this.layers()) {
      this.map.setPaintProperty(one, "line-width", scaled(this.widths[one], share));
      this.map.setPaintProperty(one, "line-opacity", Number((0.25 + 0.75 * share).toFixed(2)));
    }
    if (this.map.getLayer("places-line-case")) this.map.setLayoutProperty("places-line-case", "visibility", share < 0.7 ? "none" : "visible");
  }
}

/** Few different widths, so that a small move redraws nothing. */
function stepped(share: number): number {
  return Math.max(THINNEST, Math.round(share * 8) / 8);
}

/** Widths by zoom, `["interpolate", ["linear"], ["zoom"], zoom, width, …]`, all of them times `share`. */
function scaled(width: unknown, share: number): ExpressionSpecification {
  const [kind, curve, input, ...stops] = width as [string, unknown, unknown, ...number[]];
  return [kind, curve, input, ...stops.map((stop, rank) => (rank % 2 ? stop * share : stop))] as unknown as ExpressionSpecification;
}
