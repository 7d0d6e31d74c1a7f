import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { getReportVersion, type Report } from "@/api/reports";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { formatTime } from "@/lib/format";
import { decodePanels } from "@/lib/panel-data";

import { ReportBody } from "./report-body";
import classes from "./report-view.module.css";

interface OldVersionProps {
  report: Report;
  version: number;
  onNow: () => void;
}

/** A report as it was; with its numbers as they were, where it was pinned. */
export function OldVersion({ report, version, onNow }: OldVersionProps) {
  const query = useQuery(getReportVersion(report.id, version));
  const data = query.data?.data ?? "";
  const frozen = useMemo(() => decodePanels(data), [data]);

  if (query.isPending) return <TableSkeleton rows={8} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const { pinnedAt, savedAt, savedBy, text } = query.data;
  return (
    <>
      <div className={classes.old} role="status">
        <span>
          Version {version}, saved {formatTime(savedAt)} by {savedBy}.{" "}
          {pinnedAt === null
            ? "Its panels show what is now."
            : `Its panels show what was on ${formatTime(pinnedAt)}.`}
        </span>
        <Button variant="default" onClick={onNow}>
          Show it as it is now
        </Button>
      </div>
      <div className={classes.scroller} tabIndex={0} role="region" aria-label={report.title}>
        <ReportBody text={text} {...(pinnedAt === null ? {} : { frozen })} />
      </div>
    </>
  );
}
