import type { Map } from "maplibre-gl";
import { announce } from "../announce";
import type { MapSettings } from "./settings";
import { addressWith, writeView } from "./view";

/** The address of the page is that of what is seen; so are the code, the sheet and the forms made from it. */
export class Sharing {
  private readonly address: HTMLInputElement | null;
  private readonly panel: HTMLDetailsElement | null;

  constructor(
    private readonly root: HTMLElement,
    private readonly map: Map,
    private readonly settings: MapSettings,
  ) {
    this.address = root.querySelector("#map-address");
    this.panel = root.querySelector("details[data-tool=share]");
    this.panel?.addEventListener("toggle", () => this.write());
    root.querySelector("[data-tool=copy]")?.addEventListener("click", () => void this.copy());
    root.querySelector<HTMLAnchorElement>("[data-tool=sheet]")?.addEventListener("click", (event) => {
      (event.currentTarget as HTMLAnchorElement).href = addressWith(`${settings.sheet}?${settings.filters}`, { view: this.view });
    });
    for (const form of document.querySelectorAll("[data-map-form]")) {
      form.addEventListener("submit", (event) => this.keepView(event.target as HTMLFormElement));
    }
    document.addEventListener("click", (event) => this.follow(event));
  }

  get view(): string {
    return writeView(this.map);
  }

  /** After a move: the address changes, without a step of the history. */
  moved(): void {
    history.replaceState(history.state, "", addressWith(location.href, { view: this.view }));
    this.write();
  }

  /** A place that is opened is a step: the button Back closes it. */
  opened(identifier: string): void {
    if (new URL(location.href).searchParams.get("place") === identifier) return;
    history.pushState(null, "", addressWith(location.href, { place: identifier, view: this.view }));
    this.write();
  }

  closed(): void {
    history.replaceState(history.state, "", addressWith(location.href, { place: "" }));
    this.write();
  }

  private write(): void {
    if (this.address) this.address.value = location.href;
    const code = this.root.querySelector<HTMLImageElement>("[data-code]");
    if (!code || !this.panel?.open) return;
    const wanted = addressWith(`${this.settings.code}?${this.settings.filters}`, { view: this.view });
    if (code.src !== wanted) code.src = wanted;
  }

  private async copy(): Promise<void> {
    const { copied, copyFailed } = this.settings.words;
    try {
      await navigator.clipboard.writeText(location.href);
      this.say(copied ?? "");
    } catch {
      this.address?.select();
      this.say(copyFailed ?? "");
    }
  }

  private say(sentence: string): void {
    const button = this.root.querySelector("[data-tool=copy]");
    announce(sentence);
    const said = document.createElement("span");
    said.textContent = ` ✓ ${sentence}`;
    said.setAttribute("aria-hidden", "true");
    button?.after(said);
    window.setTimeout(() => said.remove(), 2500);
  }

  private keepView(form: HTMLFormElement): void {
    const kept = form.elements.namedItem("view");
    if (kept instanceof HTMLInputElement) kept.value = this.view;
  }

  /** A filter that is taken away leaves the map where it is. */
  private follow(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a.tag--remove") : null;
    if (link) link.href = addressWith(link.href, { view: this.view, place: "" });
  }
}
