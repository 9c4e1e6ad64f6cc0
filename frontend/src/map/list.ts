import { announce } from "../announce";

export interface Listed {
  identifier: string;
  bounds: [number, number, number, number] | null;
}

export function readBounds(text: string | undefined): Listed["bounds"] {
  const numbers = (text ?? "").split(",").map(Number);
  return text && numbers.length === 4 && numbers.every(Number.isFinite) ? (numbers as [number, number, number, number]) : null;
}

/** The list of the places in view, made by the server: what has the pointer or the focus is shown on the map. */
export class PlaceList {
  private asked: AbortController | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly address: string,
    private readonly failed: string,
    private readonly on: { choose: (place: Listed) => void; touch: (place: Listed | null) => void },
  ) {
    element.addEventListener("click", (event) => this.click(event));
    for (const name of ["focusin", "pointerover"]) element.addEventListener(name, (event) => this.on.touch(listed(event.target)));
    for (const name of ["focusout", "pointerleave"]) element.addEventListener(name, () => this.on.touch(null));
  }

  /** The places of this rectangle; a new question cancels the one before. */
  async show(bounds: string, page = "1"): Promise<void> {
    this.asked?.abort();
    const asked = (this.asked = new AbortController());
    const url = new URL(this.address, location.href);
    url.searchParams.set("bbox", bounds);
    url.searchParams.set("page", page);
    try {
      const answer = await fetch(url, { signal: asked.signal, credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.statusText);
      this.replace(await answer.text());
    } catch (error) {
      if (!asked.signal.aborted) this.say(this.failed);
      else if (!(error instanceof DOMException)) throw error;
    }
  }

  /** The focus goes to a place of the list, or to its title when the place is no longer listed. */
  focus(identifier: string): void {
    const links = [...this.element.querySelectorAll<HTMLElement>("[data-place]")];
    (links.find((link) => link.dataset.place === identifier) ?? this.title)?.focus();
  }

  private get title(): HTMLElement | null {
    const title = this.element.querySelector<HTMLElement>("h3");
    title?.setAttribute("tabindex", "-1");
    return title;
  }

  private replace(text: string): void {
    const within = this.element.contains(document.activeElement);
    const focused = (document.activeElement as HTMLElement | null)?.dataset.place ?? "";
    const before = this.title?.textContent;
    this.element.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    this.element.scrollTop = 0;
    if (within) this.focus(focused);
    const said = this.title?.textContent?.replace(/\s+/g, " ").trim() ?? "";
    if (said !== before?.replace(/\s+/g, " ").trim()) announce(said);
  }

  private click(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a") : null;
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const place = listed(target);
    if (place?.bounds) {
      event.preventDefault();
      this.on.choose(place);
    } else if (target.rel === "prev" || target.rel === "next") {
      event.preventDefault();
      this.element.dispatchEvent(new CustomEvent("turn", { detail: new URL(target.href).searchParams.get("page") ?? "1" }));
    }
  }

  private say(sentence: string): void {
    const said = document.createElement("p");
    said.className = "map-list__none";
    said.textContent = sentence;
    this.element.replaceChildren(...[this.title, said].filter((one) => one !== null));
    announce(sentence);
  }
}

function listed(target: EventTarget | null): Listed | null {
  const link = target instanceof Element ? target.closest<HTMLElement>("[data-place]") : null;
  return link ? { identifier: link.dataset.place ?? "", bounds: readBounds(link.dataset.bounds) } : null;
}
