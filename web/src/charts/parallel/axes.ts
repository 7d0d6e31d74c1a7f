import type { RunValues, ValueColumn } from "@/api/run-values";
import type { Scale } from "@/lib/scale";

import { columnScale } from "../run-points";

/** One axis of the chart. */
export interface Axis {
  column: ValueColumn;
  scale: Scale;
  /** Of each run, from 0 (bottom) to 1; NaN where it has no value. */
  heights: Float32Array;
}

export function axesOf(
  values: RunValues,
  fields: readonly string[],
  log: readonly string[],
): Axis[] {
  return fields.flatMap((field): Axis[] => {
    const column = values.columns.find((one) => one.field === field);
    if (column === undefined) return [];
    const scale = columnScale(column, log.includes(field), 0);
    return [{ column, scale, heights: Float32Array.from(column.numbers, scale.at) }];
  });
}

/** Which runs are within all brushes; null where nothing is brushed. */
export function chosenRuns(
  axes: readonly Axis[],
  brushes: Readonly<Record<string, readonly number[]>>,
): Uint8Array | null {
  const brushed = axes.flatMap(({ column }) => {
    const [low, high] = brushes[column.field] ?? [];
    return low === undefined || high === undefined ? [] : [{ numbers: column.numbers, low, high }];
  });
  const [first] = brushed;
  if (first === undefined) return null;
  const isChosen = new Uint8Array(first.numbers.length).fill(1);
  for (const { numbers, low, high } of brushed) {
    for (let at = 0; at < isChosen.length; at += 1) {
      const value = numbers[at] as number;
      if (!(value >= low && value <= high)) isChosen[at] = 0;
    }
  }
  return isChosen;
}

const REACH = 0.03;

/**
 * The run whose line passes nearest to a place between two axes, or -1.
 *
 * @param place Which axis is to the left, and how far on the way to the next.
 * @param height From 0 (bottom) to 1.
 */
export function nearestRun(
  axes: readonly Axis[],
  place: number,
  height: number,
  isChosen: Uint8Array | null,
): number {
  const left = Math.min(Math.max(0, Math.floor(place)), axes.length - 2);
  const [from, to] = [axes[left]?.heights, axes[left + 1]?.heights];
  if (from === undefined || to === undefined) return -1;
  let nearest = -1;
  let least = REACH;
  for (let row = 0; row < from.length; row += 1) {
    if (isChosen !== null && isChosen[row] === 0) continue;
    const [a, b] = [from[row] as number, to[row] as number];
    const distance = Math.abs(a + (b - a) * (place - left) - height);
    if (distance < least) {
      least = distance;
      nearest = row;
    }
  }
  return nearest;
}
