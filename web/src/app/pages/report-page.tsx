import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";

import { getReport, type Report } from "@/api/reports";
import { notifyError } from "@/components/notify";
import { TableSkeleton } from "@/components/table-skeleton";
import { OldVersion } from "@/features/reports/components/old-version";
import { ReportActions } from "@/features/reports/components/report-actions";
import { ReportBody } from "@/features/reports/components/report-body";
import { ReportEditor } from "@/features/reports/components/report-editor";
import report from "@/features/reports/components/report-view.module.css";

import { exportPage } from "../export-page";
import { usePageTitle } from "../page-title";
import type { ReportSearch } from "../search-params";
import { PageError } from "../page-error";
import classes from "./page.module.css";

const route = getRouteApi("/reports/$reportId");

export function ReportPage() {
  const { reportId } = route.useParams();
  const query = useQuery(getReport(reportId));
  usePageTitle(query.data?.title ?? "Report");

  if (query.isPending) return <TableSkeleton rows={8} />;
  if (query.isError) {
    return (
      <PageError
        error={query.error}
        missing="No such report"
        elsewhere={<Link to="/reports">All reports</Link>}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return <LoadedReport key={reportId} shown={query.data} />;
}

function LoadedReport({ shown }: { shown: Report }) {
  const { edit: isEditing = false, version } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const go = (search: ReportSearch) => void navigate({ search });

  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <Link to="/reports" className={classes.count}>
          Reports
        </Link>
        <span className={classes.count} aria-hidden>
          /
        </span>
        <h1 className={classes.title}>{shown.title}</h1>
        {!isEditing && (
          <ReportActions
            report={shown}
            onEdit={() => go({ edit: true })}
            onVersion={(next) => go(next === null ? {} : { version: next })}
            onExport={() => void exportPage(queries, shown.title, shown.text).catch(notifyError)}
          />
        )}
      </div>
      {isEditing ? (
        <div className={classes.fill}>
          <ReportEditor report={shown} onDone={() => go({})} />
        </div>
      ) : version === undefined ? (
        <div className={report.scroller} tabIndex={0} role="region" aria-label={shown.title}>
          <ReportBody text={shown.text} />
        </div>
      ) : (
        <OldVersion report={shown} version={version} onNow={() => go({})} />
      )}
    </div>
  );
}
