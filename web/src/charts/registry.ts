import type { Chart } from "./define-chart";

/** The charts: each folder with an index is one, and has its name. */
const FOLDERS = import.meta.glob<Record<string, Chart<object>>>("./*/index.tsx", { eager: true });

export const CHARTS: ReadonlyMap<string, Chart<object>> = new Map(
  Object.entries(FOLDERS).flatMap(([path, exports]) => {
    const name = path.split("/")[1] ?? "";
    return Object.values(exports).map((chart) => [name, chart] as const);
  }),
);
