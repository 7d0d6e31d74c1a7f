import { queryOptions } from "@tanstack/react-query";

import { post } from "./http";
import type { ListMedia, MediaItem as WireItem, MediaPage } from "./schema";

export const MEDIA_KINDS = [
  "histogram",
  "image",
  "audio",
  "video",
  "table",
  "html",
  "points",
  "molecule",
] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

export interface Bins {
  /** One more than counts. */
  edges: number[];
  counts: number[];
  nNotFinite: number;
}

/** One item of a series: an artifact of a run, or a distribution. */
export interface MediaItem {
  key: string;
  kind: MediaKind;
  step: number;
  caption: string;
  /** The run that has the artifact, which a fork may have from its origin. */
  runId: string;
  /** "" for a histogram. */
  path: string;
  bins: Bins | null;
}

export interface Media {
  items: MediaItem[];
  /** True if the run has more than these. */
  isCut: boolean;
}

const MAX_ITEMS = 10_000;
const PATH = "api/1.0/fluvial/runs/media";

/** The request for what a run logged. */
export function mediaRequest(runId: string): { path: string; body: ListMedia } {
  return { path: PATH, body: { run_id: runId, max_results: MAX_ITEMS } };
}

/** What a run logged that is no number, by key and step. */
export function listMedia(runId: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, "media"],
    queryFn: async ({ signal }): Promise<Media> => {
      const { path, body } = mediaRequest(runId);
      const page = await post<MediaPage>(path, body, signal);
      return {
        items: (page.items ?? []).flatMap(parseItem),
        isCut: page.next_page_token !== undefined,
      };
    },
  });
}

/** None of a kind that a later server knows. */
function parseItem(item: WireItem): MediaItem[] {
  const kind = MEDIA_KINDS.find((one) => one === item.kind);
  if (kind === undefined) return [];
  const { key, step = 0, caption = "", path = "", run_id: runId = "", histogram } = item;
  const bins =
    histogram === undefined
      ? null
      : {
          edges: histogram.edges.map(Number),
          counts: histogram.counts,
          nNotFinite: histogram.n_not_finite ?? 0,
        };
  return [{ key, kind, step, caption, path, runId, bins }];
}
