import { announce } from "./announce";

/** `<button data-copy="id of the text" data-done="Copied">`: copies, then says so in the page's live region. */
export function offerCopy(): void {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    const said = document.createElement("span");
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy ?? "")?.textContent ?? "";
      await navigator.clipboard.writeText(text);
      said.textContent = ` ✓ ${button.dataset.done ?? ""}`;
      button.append(said);
      announce(button.dataset.done ?? "");
      window.setTimeout(() => said.remove(), 2500);
    });
  }
}
