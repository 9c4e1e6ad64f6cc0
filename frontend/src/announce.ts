/** Say something to screen readers, without moving the focus. */
export function announce(sentence: string): void {
  const region = document.getElementById("live");
  if (region) region.textContent = sentence;
}

/** `{n}` in a translated sentence becomes a number written in the language of the page. */
export function withNumber(sentence: string, n: number): string {
  return sentence.replace("{n}", new Intl.NumberFormat(document.documentElement.lang).format(n));
}

/** A colour of the portal's theme. */
export function themeColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--color-${name}`).trim();
}
