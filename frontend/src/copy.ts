/** `<button data-copy="id of the text" data-done="Copied">`: copies, then says so in the page's live region. */
export function offerCopy(): void {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    const label = button.textContent ?? "";
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy ?? "")?.textContent ?? "";
      await navigator.clipboard.writeText(text);
      const done = button.dataset.done ?? label;
      button.textContent = done;
      announce(done);
      window.setTimeout(() => (button.textContent = label), 2500);
    });
  }
}

/** Say something to screen readers, without moving the focus. */
export function announce(sentence: string): void {
  const region = document.getElementById("live");
  if (region) region.textContent = sentence;
}
