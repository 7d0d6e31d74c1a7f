import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";

import { createReport } from "@/api/reports";
import { notifyError } from "@/components/notify";
import { SearchInput } from "@/components/search-input";
import { ReportsList } from "@/features/reports/components/reports-list";

import { usePageTitle } from "../page-title";
import classes from "./page.module.css";

const route = getRouteApi("/reports");

export function ReportsPage() {
  const { q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  usePageTitle("Reports");

  const begin = async () => {
    const report = await createReport("Untitled report", "");
    await navigate({
      to: "/reports/$reportId",
      params: { reportId: report.id },
      search: { edit: true },
    });
  };
  const button = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => void begin().catch(notifyError)}>
      New report
    </Button>
  );
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <h1 className={classes.title}>Reports</h1>
        <SearchInput
          hasHotkey
          label="Search reports"
          placeholder="Search by title"
          value={q}
          width={260}
          onChange={(text) =>
            void navigate({ search: text === "" ? {} : { q: text }, replace: true })
          }
        />
        <div className={classes.last}>{button}</div>
      </div>
      <div className={classes.fill}>
        <ReportsList text={q} begin={button} />
      </div>
    </div>
  );
}
