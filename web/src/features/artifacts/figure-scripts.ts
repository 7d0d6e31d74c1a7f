import plotly from "figure-scripts/plotly.js?url";
import vegaEmbed from "figure-scripts/vega-embed.js?url";
import vegaLite from "figure-scripts/vega-lite.js?url";
import vega from "figure-scripts/vega.js?url";

import { serverUrl } from "@/api/http";
import type { FigureScripts } from "@/lib/figure-page";

function absolute(asset: string): string {
  return new URL(asset, import.meta.url).href;
}

/** Where the libraries of figures are; only a frame that needs one loads it. */
export const FIGURE_SCRIPTS: FigureScripts = {
  plotly: absolute(plotly),
  vega: absolute(vega),
  vegaLite: absolute(vegaLite),
  vegaEmbed: absolute(vegaEmbed),
};

export function frameUrl(): string {
  return serverUrl("figure-frame.html");
}
