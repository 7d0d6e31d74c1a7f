import type { MediaItem, MediaKind } from "@/api/media";

/** The items of one key, by step. */
export interface MediaSeries {
  key: string;
  kind: MediaKind;
  steps: number[];
  /** Of each step, in the order of `steps`. */
  itemsOfSteps: MediaItem[][];
}

/** Series of items that come by key and step. */
export function mediaSeries(items: readonly MediaItem[]): MediaSeries[] {
  const found = new Map<string, MediaSeries>();
  for (const item of items) {
    const id = `${item.kind}\n${item.key}`;
    let series = found.get(id);
    if (series === undefined) {
      series = { key: item.key, kind: item.kind, steps: [], itemsOfSteps: [] };
      found.set(id, series);
    }
    if (series.steps.at(-1) === item.step) {
      series.itemsOfSteps.at(-1)?.push(item);
    } else {
      series.steps.push(item.step);
      series.itemsOfSteps.push([item]);
    }
  }
  return [...found.values()];
}
