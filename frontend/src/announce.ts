/** Say something to screen readers, without moving the focus. */
export function announce(sentence: string): void {
  const region = document.getElementById("live");
  if (region) region.textContent = sentence;
}

/** A colour of the portal's theme. */
export function themeColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--color-${name}`).trim();
}
