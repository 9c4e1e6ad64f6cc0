/** What is known of a place, as a list of fields and values. Values are always text, never markup. */
export function describe(properties: Record<string, unknown>, labels: Record<string, string>): HTMLElement {
  const list = document.createElement("dl");
  list.className = "popup";
  for (const [name, label] of Object.entries(labels)) {
    const value = written(properties[name]);
    if (!value) continue;
    const term = document.createElement("dt");
    term.textContent = label;
    const detail = document.createElement("dd");
    detail.append(isAddress(value) ? link(value) : value);
    list.append(term, detail);
  }
  return list;
}

function written(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return new Intl.NumberFormat(document.documentElement.lang, { useGrouping: Math.abs(value) >= 10000 }).format(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isAddress(value: string): boolean {
  return /^https?:\/\/\S+$/.test(value);
}

function link(address: string): HTMLAnchorElement {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.rel = "noopener noreferrer nofollow";
  anchor.textContent = address;
  return anchor;
}
