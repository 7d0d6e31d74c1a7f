import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import { LATEST_FIRST, searchExperiments } from "@/api/experiments";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { FirstSteps } from "@/features/experiments/components/first-steps";
import { HomeActivity } from "@/features/home/components/home-activity";
import { HomeExperiments, HomePins } from "@/features/home/components/home-links";
import { HomeRuns } from "@/features/home/components/home-runs";

import { usePageTitle } from "../page-title";
import classes from "./page.module.css";

/** What a person wants to know first: what runs, what failed, what the others do. */
export function HomePage() {
  usePageTitle("Home");
  const query = useInfiniteQuery(
    searchExperiments({ text: "", viewType: "ACTIVE_ONLY", orderBy: LATEST_FIRST }),
  );
  const overviews = useMemo(
    () => query.data?.pages.flatMap((page) => page.experiments) ?? [],
    [query.data],
  );
  const used = useMemo(() => overviews.filter(({ nRuns }) => nRuns > 0), [overviews]);
  const experimentIds = useMemo(() => used.map(({ experiment }) => experiment.id), [used]);
  const nameOf = useCallback(
    (id: string) => used.find(({ experiment }) => experiment.id === id)?.experiment.name ?? id,
    [used],
  );
  const idOf = useCallback(
    (name: string) => used.find(({ experiment }) => experiment.name === name)?.experiment.id,
    [used],
  );

  if (query.isPending) return <TableSkeleton rows={8} />;
  if (query.isLoadingError)
    return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const shared = { experimentIds, nameOf };
  return (
    <div className={classes.home}>
      <h1 className={classes.title}>Home</h1>
      {used.length === 0 && <FirstSteps />}
      <div className={classes.homeColumns}>
        <div className={classes.homeColumn}>
          {used.length > 0 && (
            <>
              <HomeRuns
                {...shared}
                title="Running"
                filter="status = 'RUNNING'"
                none="Nothing is running."
                hasCurves
              />
              <HomeRuns
                {...shared}
                title="Failed in the last week"
                filter="status = 'FAILED' AND start_time > now() - 7d"
                none="Nothing has failed."
              />
            </>
          )}
          <HomeExperiments overviews={overviews} />
        </div>
        <div className={classes.homeColumn}>
          <HomePins />
          {used.length > 0 && <HomeActivity experimentIds={experimentIds} idOf={idOf} />}
        </div>
      </div>
    </div>
  );
}
