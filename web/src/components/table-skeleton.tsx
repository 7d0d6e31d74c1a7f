import { Skeleton } from "@mantine/core";

import classes from "./table-skeleton.module.css";

const WIDTHS = [34, 52, 41, 60, 46, 38, 55];

export function TableSkeleton({ rows }: { rows: number }) {
  return (
    <div className={classes.skeleton} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={classes.row}>
          <Skeleton height={12} width={`${WIDTHS[row % WIDTHS.length]}%`} />
          <Skeleton height={12} width={60} />
          <Skeleton height={12} width={90} />
        </div>
      ))}
    </div>
  );
}
