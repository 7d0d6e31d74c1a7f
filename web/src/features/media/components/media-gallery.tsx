import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { listMedia } from "@/api/media";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";

import { mediaSeries } from "../media-series";
import { MediaCard } from "./media-card";
import classes from "./media-gallery.module.css";

/** What a run logged that is no number: a card for each series, with a slider over its steps. */
export function MediaGallery({ runId }: { runId: string }) {
  const query = useQuery(listMedia(runId));
  const series = useMemo(() => mediaSeries(query.data?.items ?? []), [query.data]);

  if (query.isPending) return <TableSkeleton rows={6} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (series.length === 0) {
    return (
      <EmptyState
        title="No histograms or media"
        hint={
          <>
            Log some with <code>{'run.log({"sample": fluvial.Image(…)})'}</code>: images, audio,
            video, tables, pages, points, molecules, histograms.
          </>
        }
      />
    );
  }
  return (
    <>
      {query.data.isCut && (
        <p className={classes.hint}>
          The run has more than the {query.data.items.length} items shown.
        </p>
      )}
      <div className={classes.gallery}>
        {series.map((one) => (
          <MediaCard key={`${one.kind} ${one.key}`} series={one} />
        ))}
      </div>
    </>
  );
}
