import type { View } from "vega";
import type { TopLevelSpec } from "vega-lite";

/** Vega is large: it is fetched only when a chart needs it. */
async function draw(specification: TopLevelSpec, into?: HTMLElement): Promise<View> {
  const { makeView } = await import("./vega");
  return makeView(specification, into);
}

/**
 * A curve becomes one that can be read point by point; every chart may be taken away as a picture.
 * When anything fails, what the server drew stays.
 */
export class BocageChart extends HTMLElement {
  connectedCallback(): void {
    const specification = JSON.parse(this.dataset.specification ?? "{}") as TopLevelSpec;
    const curve = this.querySelector<HTMLElement>(".curve");
    if (curve) void this.enliven(specification, curve);
    this.offerPicture(specification);
  }

  private async enliven(specification: TopLevelSpec, curve: HTMLElement): Promise<void> {
    const living = document.createElement("div");
    living.className = "chart__living";
    living.setAttribute("aria-hidden", "true"); // the table of figures below says the same
    curve.before(living);
    try {
      await draw(specification, living);
      curve.hidden = true;
    } catch {
      living.remove();
    }
  }

  private offerPicture(specification: TopLevelSpec): void {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--secondary button--small";
    button.textContent = this.dataset.download ?? "";
    const actions = document.createElement("p");
    actions.className = "chart__actions";
    actions.append(button);
    this.append(actions);
    button.addEventListener("click", () => void this.download(specification));
  }

  private async download(specification: TopLevelSpec): Promise<void> {
    const view = await draw({ ...specification, width: 800 } as TopLevelSpec);
    const picture = new Blob([await view.toSVG()], { type: "image/svg+xml" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(picture);
    link.download = `${this.dataset.name ?? "bocage"}.svg`;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
