import { ActionIcon, Button } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { IconFileText, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Tooltip } from "@/components/tooltip";
import { deleteReport, restoreReport, searchReports, type ReportHead } from "@/api/reports";
import { Age } from "@/components/age";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { notifyError, notifyUndo } from "@/components/notify";
import { TableSkeleton } from "@/components/table-skeleton";

import classes from "./reports-list.module.css";

interface ReportsListProps {
  text: string;
  /** What an empty list offers. */
  begin: ReactNode;
}

export function ReportsList({ text, begin }: ReportsListProps) {
  const query = useInfiniteQuery(searchReports(text));
  const queries = useQueryClient();

  if (query.isPending) return <TableSkeleton rows={8} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const reports = query.data.pages.flatMap((page) => page.reports);
  if (reports.length === 0) {
    return text === "" ? (
      <EmptyState
        icon={<IconFileText size={28} stroke={1.5} />}
        title="No reports yet"
        hint="A report is a text in markdown with panels of runs in it, which stay live until you pin them."
        action={begin}
      />
    ) : (
      <EmptyState title="No reports match" hint={`Nothing has “${text}” in its title.`} />
    );
  }

  const refresh = () => queries.invalidateQueries({ queryKey: ["reports"] });
  const remove = async (report: ReportHead) => {
    await deleteReport(report.id);
    await refresh();
    notifyUndo(`The report ${report.title} is deleted`, async () => {
      await restoreReport(report.id);
      await refresh();
    });
  };
  return (
    <div className={classes.list}>
      <table className={classes.table} aria-label="Reports">
        <thead>
          <tr>
            <th scope="col">Title</th>
            <th scope="col">Changed</th>
            <th scope="col" className={classes.wide}>
              By
            </th>
            <th scope="col" aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {reports.map((report) => (
            <tr key={report.id}>
              <td className={classes.title}>
                <Link to="/reports/$reportId" params={{ reportId: report.id }}>
                  {report.title}
                </Link>
              </td>
              <td className={classes.soft}>
                <Age time={report.updatedAt} />
              </td>
              <td className={`${classes.soft} ${classes.wide}`}>{report.updatedBy}</td>
              <td>
                <Tooltip label="Delete">
                  <ActionIcon
                    aria-label={`Delete ${report.title}`}
                    onClick={() => void remove(report).catch(notifyError)}
                  >
                    <IconTrash size={16} stroke={1.6} />
                  </ActionIcon>
                </Tooltip>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {query.hasNextPage && (
        <div className={classes.more}>
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}
