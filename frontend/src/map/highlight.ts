import { type Map, Marker } from "maplibre-gl";
import { PLACES } from "./layers";
import type { Listed } from "./list";

type State = "hover" | "selected";

/** What is touched or chosen: drawn in another colour, and pointed at where a group hides it. */
export class Highlight {
  private readonly known: Partial<Record<State, string>> = {};
  private readonly pin = new Marker({ element: pin(), anchor: "center" });

  constructor(
    private readonly map: Map,
    private readonly layer: string,
  ) {}

  set(state: State, identifier: string | null): void {
    const before = this.known[state];
    if (before === (identifier ?? undefined)) return;
    if (before !== undefined) this.write(before, state, false);
    if (identifier !== null) this.write(identifier, state, true);
    if (identifier === null) delete this.known[state];
    else this.known[state] = identifier;
  }

  point(place: Listed | null): void {
    if (!place?.bounds) {
      this.pin.remove();
      return;
    }
    this.pin.setLngLat(middle(place.bounds)).addTo(this.map);
  }

  private write(id: string, state: State, on: boolean): void {
    if (this.map.getSource(PLACES)) this.map.setFeatureState({ source: PLACES, sourceLayer: this.layer, id }, { [state]: on });
  }
}

export function middle([west, south, east, north]: [number, number, number, number]): [number, number] {
  return [(west + east) / 2, (south + north) / 2];
}

function pin(): HTMLElement {
  const element = document.createElement("span");
  element.className = "map__pin";
  element.setAttribute("aria-hidden", "true");
  return element;
}
