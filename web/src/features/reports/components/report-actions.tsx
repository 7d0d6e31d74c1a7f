import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconDownload, IconHistory, IconPencil, IconPin } from "@tabler/icons-react";

import { Menu } from "@/components/menu";
import { listReportVersions, pinReport, type Report } from "@/api/reports";
import { notifyError } from "@/components/notify";
import { formatTime } from "@/lib/format";
import { encodePanels } from "@/lib/panel-data";

import { freezePanels } from "../static-page";
import classes from "./report-view.module.css";

interface ReportActionsProps {
  report: Report;
  onEdit: () => void;
  /** Shows a version, or what is now. */
  onVersion: (version: number | null) => void;
  onExport: () => void;
}

export function ReportActions({ report, onEdit, onVersion, onExport }: ReportActionsProps) {
  const queries = useQueryClient();
  const versions = useQuery(listReportVersions(report.id));

  const pin = async () => {
    const data = encodePanels(await freezePanels(queries, report.text));
    const version = await pinReport(report.id, report.version, data);
    await queries.invalidateQueries({ queryKey: ["reports", "versions", report.id] });
    onVersion(version);
  };
  return (
    <div className={classes.actions}>
      <Menu position="bottom-end" width={320}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconHistory size={15} />}>
            History
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onVersion(null)}>Now, live</Menu.Item>
          {(versions.data ?? []).map(({ version, savedAt, savedBy, pinnedAt }) => (
            <Menu.Item
              key={version}
              leftSection={pinnedAt === null ? null : <IconPin size={14} aria-label="pinned" />}
              onClick={() => onVersion(version)}
            >
              Version {version}, {formatTime(savedAt)} by {savedBy}
            </Menu.Item>
          ))}
          {versions.isError && <Menu.Label>{versions.error.message}</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      <Button
        variant="default"
        leftSection={<IconPin size={15} />}
        onClick={() => void pin().catch(notifyError)}
      >
        Pin a snapshot
      </Button>
      <Button variant="default" leftSection={<IconDownload size={15} />} onClick={onExport}>
        Export
      </Button>
      <Button leftSection={<IconPencil size={15} />} onClick={onEdit}>
        Edit
      </Button>
    </div>
  );
}
