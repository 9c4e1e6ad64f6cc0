/** `<details data-fold-narrow>`: open on a wide screen, folded on a phone, where results come first. */
export function foldFacets(): void {
  if (window.matchMedia("(min-width: 60rem)").matches) return;
  for (const box of document.querySelectorAll<HTMLDetailsElement>("details[data-fold-narrow]")) box.open = false;
}
