import type { PanelData } from "./panel-data";
import type { PanelSpec } from "./report-text";
import { smooth } from "./smoothing";

export interface Curve {
  runId: string;
  /** (x, y) of each stretch without a gap. */
  stretches: [x: number, y: number][][];
  last: number;
}

export interface Bounds {
  low: number;
  high: number;
}

/** The curves of a panel as its options want them, with the ends of both axes; null if there is nothing. */
export function panelCurves(
  spec: PanelSpec,
  data: PanelData,
): { curves: Curve[]; x: Bounds; y: Bounds } | null {
  const startTimes = new Map(data.runs.map((run) => [run.id, run.startTime]));
  const curves = data.series.map(({ runId, steps, timestamps, values }): Curve => {
    const start = startTimes.get(runId) ?? 0;
    const xs =
      spec.x === "step"
        ? steps
        : timestamps.map((time) => (spec.x === "elapsed" ? (time - start) / 1000 : time));
    const ys = [...smooth(Float64Array.from(values), spec.smoothing, "ema")];
    return { runId, stretches: stretches(xs, ys, spec.log), last: values.at(-1) ?? Number.NaN };
  });
  const points = curves.flatMap((curve) => curve.stretches.flat());
  if (points.length === 0) return null;
  return { curves, x: bounds(points.map(([x]) => x)), y: bounds(points.map(([, y]) => y)) };
}

function stretches(
  xs: readonly number[],
  ys: readonly number[],
  isLog: boolean,
): [number, number][][] {
  const found: [number, number][][] = [];
  let isOpen = false;
  for (const [at, y] of ys.entries()) {
    const isDrawn = Number.isFinite(y) && (!isLog || y > 0);
    if (isDrawn && !isOpen) found.push([]);
    if (isDrawn) found.at(-1)?.push([xs[at] ?? 0, y]);
    isOpen = isDrawn;
  }
  return found;
}

function bounds(values: readonly number[]): Bounds {
  return {
    low: values.reduce((a, b) => Math.min(a, b)),
    high: values.reduce((a, b) => Math.max(a, b)),
  };
}
