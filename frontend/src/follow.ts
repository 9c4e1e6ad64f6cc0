import { announce } from "./announce";

const EVERY_MS = 1500;
const LONGEST_MS = 15_000;

/** `<div data-follow="address">`: replace its content until the run is over; slower and slower when the server is away. */
export function follow(place: HTMLElement): void {
  const address = place.dataset.follow;
  if (!address) return;
  let wait = EVERY_MS;
  const look = async (): Promise<void> => {
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      wait = EVERY_MS;
      if (replaceWhenChanged(place, page)) return;
    } catch {
      wait = Math.min(wait * 2, LONGEST_MS);
    }
    window.setTimeout(look, wait);
  };
  window.setTimeout(look, wait);
}

/** True when the run is over. Only what changed is replaced, so that the focus and open details stay. */
function replaceWhenChanged(place: HTMLElement, page: Document): boolean {
  const fresh = page.querySelector<HTMLElement>("[data-over]");
  const shown = place.querySelector<HTMLElement>("[data-over]");
  if (!fresh || !shown) return false;
  const over = fresh.dataset.over === "true";
  if (visible(fresh) !== visible(shown)) {
    const open = shown.querySelector("details")?.open ?? false;
    shown.replaceWith(fresh);
    fresh.querySelector("details")?.toggleAttribute("open", open);
    announce(fresh.querySelector("h1")?.textContent?.trim() ?? "");
  }
  return over;
}

function visible(part: HTMLElement): string {
  return (part.textContent ?? "").replace(/\s+/g, " ");
}
