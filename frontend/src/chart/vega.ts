import { parse, View, Warn } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import type { NumberLocale } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { themeColor } from "../announce";

/** How numbers are written in the language of the page, in the form that Vega understands. */
function numbersOfThePage(): NumberLocale {
  const parts = new Intl.NumberFormat(document.documentElement.lang).formatToParts(1234567.8);
  const mark = (type: string, other: string) => parts.find((part) => part.type === type)?.value ?? other;
  return { decimal: mark("decimal", "."), thousands: mark("group", ","), grouping: [3], currency: ["", " €"] };
}

/** The look of the portal. Expressions are interpreted, never compiled: the content policy forbids eval. */
export function makeView(specification: TopLevelSpec, into?: HTMLElement): Promise<View> {
  const font = getComputedStyle(document.body).fontFamily;
  const ink = themeColor("ink-soft");
  const accent = themeColor("accent");
  const { spec } = compile(specification, {
    config: {
      locale: { number: numbersOfThePage() },
      font,
      background: themeColor("paper"),
      mark: { color: accent },
      line: { strokeWidth: 2.5 },
      point: { filled: true, size: 50, color: accent },
      area: { color: accent, fillOpacity: 0.25, line: { color: accent } },
      axis: { labelColor: ink, titleColor: ink, labelFontSize: 13, titleFontSize: 13, titleFontWeight: 600, gridColor: "#e4e8e2", domain: false, tickColor: "#e4e8e2", labelOverlap: true },
      view: { stroke: null },
    },
  });
  const view = new View(parse(spec, undefined, { ast: true }), {
    expr: expressionInterpreter,
    // Canvas: Vega's SVG sets style attributes, which the content policy refuses.
    renderer: "canvas",
    logLevel: Warn,
    ...(into ? { container: into, hover: true } : {}),
  });
  return view.runAsync();
}
