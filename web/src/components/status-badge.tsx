import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconClock,
  IconPlayerStopFilled,
} from "@tabler/icons-react";

import type { RunStatus } from "@/api/schema";

import classes from "./status-badge.module.css";

const LABELS: Record<RunStatus, string> = {
  RUNNING: "Running",
  SCHEDULED: "Scheduled",
  FINISHED: "Finished",
  FAILED: "Failed",
  KILLED: "Killed",
};

/** A run's status as a sign and a word: colour alone would not reach everybody. */
export function StatusBadge({ status }: { status: RunStatus }) {
  return (
    <span className={classes.badge} data-status={status}>
      <StatusSign status={status} />
      {LABELS[status]}
    </span>
  );
}

function StatusSign({ status }: { status: RunStatus }) {
  switch (status) {
    case "RUNNING":
      return <span className={classes.pulse} aria-hidden />;
    case "SCHEDULED":
      return <IconClock size={14} aria-hidden />;
    case "FINISHED":
      return <IconCircleCheckFilled size={14} aria-hidden />;
    case "FAILED":
      return <IconAlertTriangleFilled size={14} aria-hidden />;
    case "KILLED":
      return <IconPlayerStopFilled size={14} aria-hidden />;
  }
}
