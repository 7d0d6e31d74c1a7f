import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";

import classes from "./chart-states.module.css";

export function ChartWaiting({ height }: { height: number }) {
  return (
    <div className={classes.waiting} role="status" aria-label="Loading">
      <Skeleton height={Math.max(20, height - 24)} radius="sm" />
    </div>
  );
}

export function ChartEmpty({ height, children }: { height: number; children: ReactNode }) {
  return (
    <div className={classes.message} style={{ height }}>
      {children}
    </div>
  );
}

interface ChartFailedProps {
  height: number;
  error: Error;
  onRetry: () => void;
}

export function ChartFailed({ height, error, onRetry }: ChartFailedProps) {
  return (
    <div className={classes.message} style={{ height }} role="alert">
      {error.message}
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
