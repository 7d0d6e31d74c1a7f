/** The points of an SVG polyline for a series, as wide and high as said; gaps are passed over. */
export function sparklinePoints(
  steps: Float64Array,
  values: Float64Array,
  width: number,
  height: number,
): string {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return "";
  const [least, greatest] = [smallest(finite), -smallest(finite.map((value) => -value))];
  const [first, last] = [steps[0] ?? 0, steps.at(-1) ?? 0];
  const x = (step: number) =>
    last === first ? width / 2 : ((step - first) / (last - first)) * width;
  const y = (value: number) =>
    greatest === least ? height / 2 : height - ((value - least) / (greatest - least)) * height;
  return Array.from(values)
    .flatMap((value, at) =>
      Number.isFinite(value) ? [`${round(x(steps[at] ?? at))},${round(y(value))}`] : [],
    )
    .join(" ");
}

function smallest(values: Float64Array): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
