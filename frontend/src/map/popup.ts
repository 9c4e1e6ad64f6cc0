import { type LngLatLike, type Map, Popup } from "maplibre-gl";
import { CALM } from "./create";
import { readBounds, type Listed } from "./list";
import type { MapSettings } from "./settings";
import { fill } from "./words";

const EDGE = 10;

/** The popup of a place. Its inside is made by the server: labels, values as people read them, a link to the record. */
export class PlacePopup {
  private popup: Popup | null = null;
  private asked: AbortController | null = null;

  constructor(
    private readonly map: Map,
    private readonly settings: MapSettings,
    private readonly on: { show: (identifier: string) => void; close: () => void },
  ) {}

  get isOpen(): boolean {
    return this.popup !== null;
  }

  /** One of the places that are at this point, the `rank`-th; the others are one button away. */
  async open(at: LngLatLike, identifiers: readonly string[], rank = 0): Promise<void> {
    const identifier = identifiers[rank];
    if (identifier === undefined) return;
    const box = this.frame(at, this.settings.words.reading ?? "");
    this.on.show(identifier);
    this.asked?.abort();
    const asked = (this.asked = new AbortController());
    try {
      box.replaceChildren(...(await this.read(identifier, asked.signal)).childNodes);
      if (identifiers.length > 1) box.append(this.turner(at, identifiers, rank));
      box.querySelector<HTMLElement>(".popup__title")?.focus({ preventScroll: true });
      this.reveal();
    } catch {
      if (!asked.signal.aborted) box.textContent = this.settings.words.placeFailed ?? "";
    }
  }

  /** Where a place is that is known by its name only. */
  async find(identifier: string): Promise<Listed["bounds"]> {
    try {
      const body = await this.read(identifier, AbortSignal.timeout(10_000));
      return readBounds(body.querySelector<HTMLElement>(".popup")?.dataset.bounds);
    } catch {
      return null;
    }
  }

  close(): void {
    this.popup?.remove();
  }

  /** Its size is known now: it is placed again, and the map moves by what is beyond its edges. */
  private reveal(): void {
    if (!this.popup) return;
    this.popup.setLngLat(this.popup.getLngLat());
    const inside = this.popup.getElement().getBoundingClientRect();
    const frame = this.map.getContainer().getBoundingClientRect();
    const beyond = (low: number, high: number): number => (low < EDGE ? low - EDGE : Math.max(0, high + EDGE));
    const x = beyond(inside.left - frame.left, inside.right - frame.right);
    const y = beyond(inside.top - frame.top, inside.bottom - frame.bottom);
    if (x || y) this.map.panBy([x, y], { animate: !CALM });
  }

  private async read(identifier: string, signal: AbortSignal): Promise<HTMLElement> {
    const address = `${this.settings.places}${encodeURIComponent(identifier)}/?popup=&${this.settings.filters}`;
    const answer = await fetch(address, { signal, credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.statusText);
    return new DOMParser().parseFromString(await answer.text(), "text/html").body;
  }

  private frame(at: LngLatLike, said: string): HTMLElement {
    const box = document.createElement("div");
    box.className = "popup-frame";
    box.textContent = said;
    const before = this.popup;
    const popup = new Popup({ maxWidth: "22rem", focusAfterOpen: false, closeOnClick: false }).setLngLat(at).setDOMContent(box);
    this.popup = popup;
    before?.remove();
    popup.addTo(this.map);
    popup.getElement()?.addEventListener("keydown", (event) => {
      if (event.key === "Escape") popup.remove();
    });
    popup.on("close", () => {
      if (this.popup !== popup) return;
      this.popup = null;
      this.asked?.abort();
      this.on.close();
    });
    return box;
  }

  private turner(at: LngLatLike, identifiers: readonly string[], rank: number): HTMLElement {
    const row = document.createElement("p");
    row.className = "popup__turner";
    const { previous, next, several } = this.settings.words;
    const turn = (label: string | undefined, sign: string, step: number): HTMLButtonElement => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--secondary button--small";
      button.textContent = sign;
      button.setAttribute("aria-label", label ?? "");
      const to = (rank + step + identifiers.length) % identifiers.length;
      button.addEventListener("click", () => void this.open(at, identifiers, to));
      return button;
    };
    row.append(turn(previous, "←", -1), fill(several, { k: rank + 1, n: identifiers.length }), turn(next, "→", 1));
    return row;
  }
}
