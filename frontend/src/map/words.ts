const LANGUAGE = document.documentElement.lang;

/** The sentence with each `{name}` replaced; numbers are written in the language of the page. */
export function fill(sentence: string | undefined, values: Record<string, number | string> = {}): string {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 2 }).format(value) : value;
  });
}

/** Three significant digits: what a measure on a map is worth. */
function rounded(n: number): number {
  return n >= 100 ? Math.round(n) : Number(n.toPrecision(3));
}

export function length(metres: number, words: Record<string, string>): string {
  return metres < 1000 ? fill(words.metres, { n: rounded(metres) }) : fill(words.kilometres, { n: rounded(metres / 1000) });
}

export function area(squareMetres: number, words: Record<string, string>): string {
  if (squareMetres < 10_000) return fill(words.squareMetres, { n: rounded(squareMetres) });
  if (squareMetres < 1_000_000) return fill(words.hectares, { n: rounded(squareMetres / 10_000) });
  return fill(words.squareKilometres, { n: rounded(squareMetres / 1_000_000) });
}
