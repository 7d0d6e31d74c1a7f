import { float64, tableFromArrays, tableToIPC, uint32 } from "@uwdata/flechette";

// Named, so that a table without rows has them too.
const INTS = Object.fromEntries(
  ["series", "count", "n_nan", "n_pos_inf", "n_neg_inf"].map((name) => [name, uint32()]),
);
const FLOATS = Object.fromEntries(
  ["x_first", "x_last", "min", "max", "mean"].map((name) => [name, float64()]),
);

/** Points of a series: x and value. */
type Points = readonly (readonly [x: number, value: number])[];

/** The answer of the charts' endpoint: for each series asked for, its points. */
export function curvesAnswer(series: readonly Points[]): Uint8Array {
  const rows = series.flatMap((points, number) =>
    points.map(([x, value]) => ({ number, x, value })),
  );
  const ints = (of: (row: (typeof rows)[number]) => number) => Uint32Array.from(rows, of);
  const floats = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, of);
  const finite = floats(({ value }) => (Number.isFinite(value) ? value : Number.NaN));
  const bytes = tableToIPC(
    tableFromArrays(
      {
        series: ints(({ number }) => number),
        x_first: floats(({ x }) => x),
        x_last: floats(({ x }) => x),
        min: finite,
        max: finite,
        mean: finite,
        count: ints(() => 1),
        n_nan: ints(({ value }) => Number(Number.isNaN(value))),
        n_pos_inf: ints(({ value }) => Number(value === Number.POSITIVE_INFINITY)),
        n_neg_inf: ints(({ value }) => Number(value === Number.NEGATIVE_INFINITY)),
      },
      { types: { ...INTS, ...FLOATS } },
    ),
    { format: "stream" },
  );
  if (bytes === null) throw new Error("The table was not written.");
  return bytes;
}
