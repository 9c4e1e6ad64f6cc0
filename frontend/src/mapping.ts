import { announce } from "./announce";

const PAUSE_MS = 350;

/** `<bocage-mapping data-preview="address">`: the row that is being changed shows its effect at once. Without script, a button does. */
export class Mapping extends HTMLElement {
  private waiting = 0;
  private asking: AbortController | null = null;

  connectedCallback(): void {
    this.addEventListener("change", (event) => this.soon(event.target));
    this.addEventListener("input", (event) => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) this.soon(event.target);
    });
  }

  private soon(changed: EventTarget | null): void {
    const row = changed instanceof Element ? changed.closest<HTMLElement>("[data-mapping-row]") : null;
    if (!row) return;
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.show(row, changed instanceof HTMLSelectElement), PAUSE_MS);
  }

  /** `whole`: a list was changed, so that other parameters may be asked; else only the values are replaced, under the typing. */
  private async show(row: HTMLElement, whole: boolean): Promise<void> {
    const form = this.closest("form");
    if (!form || !this.dataset.preview) return;
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const address = `${this.dataset.preview}&field=${row.dataset.mappingRow ?? ""}`;
      const answer = await fetch(address, { method: "POST", body: new FormData(form), signal: this.asking.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      replace(row, page, whole);
      announce(this.dataset.done ?? "");
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) announce(this.dataset.broken ?? "");
    }
  }
}

/** The focus stays where it was, and what was unfolded stays so. */
function replace(row: HTMLElement, page: Document, whole: boolean): void {
  if (!whole) {
    const live = page.querySelector("[data-live]");
    if (live) row.querySelector("[data-live]")?.replaceWith(live);
    return;
  }
  const focused = document.activeElement?.id;
  const open = row.querySelector("details")?.open ?? false;
  row.replaceChildren(...page.body.childNodes);
  row.querySelector("details")?.toggleAttribute("open", open);
  if (focused) document.getElementById(focused)?.focus();
}

customElements.define("bocage-mapping", Mapping);
