/** Pages with figures, as a frame without the network can show them. */

export interface FigureScripts {
  plotly: string;
  vega: string;
  vegaLite: string;
  vegaEmbed: string;
}

export interface FigurePage {
  html: string;
  /** Hosts of scripts and styles that the page wanted from elsewhere, which it does not get. */
  refused: string[];
}

const OWN: [pattern: RegExp, script: keyof FigureScripts][] = [
  [/plotly/i, "plotly"],
  [/vega-embed/i, "vegaEmbed"],
  [/vega-lite/i, "vegaLite"],
  [/vega/i, "vega"],
];
const SCRIPT = /<script\b[^>]*\bsrc\s*=\s*["']?(https?:\/\/[^"'\s>]+)["']?[^>]*>\s*<\/script>/gi;
const STYLE = /<link\b[^>]*\bhref\s*=\s*["']?https?:\/\/([^"'\s>/]+)/gi;

/** A page with the libraries that it loads from elsewhere replaced by our own, where we have them. */
export function figurePage(html: string, scripts: FigureScripts): FigurePage {
  const refused = new Set([...html.matchAll(STYLE)].map(([, host]) => host ?? ""));
  const replaced = html.replaceAll(SCRIPT, (whole, url: string) => {
    const file = url.slice(url.indexOf("/", "https://".length));
    const own = OWN.find(([pattern]) => pattern.test(file))?.[1];
    if (own !== undefined) return `<script src="${scripts[own]}"></script>`;
    refused.add(new URL(url).host);
    return whole;
  });
  return { html: replaced, refused: [...refused].filter((host) => host !== "") };
}

export type FigureKind = "plotly" | "vega";

/** What draws a JSON document, or null if it is no figure. */
export function figureKind(document: unknown): FigureKind | null {
  if (document === null || typeof document !== "object") return null;
  const { $schema: schema, data, layout } = document as Record<string, unknown>;
  if (typeof schema === "string" && /vega(?:-lite)?\//.test(schema)) return "vega";
  const isPlotly = Array.isArray(data) && layout !== null && typeof layout === "object";
  return isPlotly && data.every((trace) => trace !== null && typeof trace === "object")
    ? "plotly"
    : null;
}

/** A page that draws a figure from its JSON. */
export function pageOfFigure(document: unknown, kind: FigureKind, scripts: FigureScripts): string {
  // "</script>" within a text would end the script.
  const json = JSON.stringify(document).replaceAll("<", "\\u003c");
  const load = (name: keyof FigureScripts) => `<script src="${scripts[name]}"></script>`;
  const head = `<!doctype html><meta charset="utf-8"><style>html,body,#figure{margin:0;width:100%;height:100%}</style>`;
  if (kind === "plotly") {
    return `${head}${load("plotly")}<div id="figure"></div><script>
      const { data, layout, config } = ${json};
      Plotly.newPlot("figure", data, { ...layout, autosize: true }, { ...config, responsive: true });
    </script>`;
  }
  return `${head}${load("vega")}${load("vegaLite")}${load("vegaEmbed")}<div id="figure"></div><script>
      vegaEmbed("#figure", ${json}, { actions: false });
    </script>`;
}
