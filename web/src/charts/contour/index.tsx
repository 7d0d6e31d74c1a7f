import { fieldTitle } from "@/lib/run-fields";

import { defineChart } from "../define-chart";
import { loadedChart } from "../loaded-chart";

export interface ContourOptions {
  x: string;
  y: string;
  z: string;
  shape: "contour" | "cells";
  logX: boolean;
  logY: boolean;
}

export const contour = defineChart<ContourOptions>({
  title: "Contour or heat map",
  description: "A metric over two params, as levels between the runs or as cells.",
  defaults: { x: "", y: "", z: "", shape: "contour", logX: false, logY: false },
  fields: {
    x: { kind: "field", of: "all", label: "Horizontal" },
    y: { kind: "field", of: "all", label: "Vertical" },
    z: { kind: "field", of: "numbers", label: "Colour" },
    shape: {
      kind: "choice",
      label: "Shape",
      choices: [
        { value: "contour", label: "Levels, interpolated between runs" },
        { value: "cells", label: "Cells, the mean of their runs" },
      ],
    },
    logX: { kind: "switch", label: "Logarithmic horizontal axis" },
    logY: { kind: "switch", label: "Logarithmic vertical axis" },
  },
  titleOf: ({ x, y, z }) =>
    x === "" || y === "" || z === ""
      ? ""
      : `${fieldTitle(z)} over ${fieldTitle(x)} and ${fieldTitle(y)}`,
  Component: loadedChart(async () => (await import("./contour-chart")).ContourChart),
});
