import { memo, type CSSProperties } from "react";

import type { TableRow } from "@/api/run-rows";
import type { RunColor } from "@/lib/run-colors";
import type { RunColumn } from "@/lib/run-columns";

import type { GroupHead } from "../use-run-groups";
import { GroupCell, GroupNameCell } from "./group-cells";
import { cellContent } from "./run-cell";
import { RunNameCell } from "./run-name-cell";
import classes from "./runs-table.module.css";

export interface PlacedColumn {
  column: RunColumn;
  /** In pixels from the left of the row. */
  start: number;
  width: number;
  style: CSSProperties;
  /** Which column of the table it is, from 1: the name is the first. */
  number: number;
}

export interface GridRowProps {
  index: number;
  top: number;
  pinned: readonly PlacedColumn[];
  columns: readonly PlacedColumn[];
  isFocusable: boolean;
}

interface RunRowProps extends GridRowProps {
  row: TableRow;
  color: RunColor | undefined;
  isSelected: boolean;
  isTree: boolean;
  isRenaming: boolean;
  peers: readonly string[];
  onRename: (name: string | null) => void;
}

export const RunRow = memo(function RunRow(props: RunRowProps) {
  const { index, top, pinned, columns, isFocusable, row, isSelected, peers } = props;
  const cell = ({ column, number, style }: PlacedColumn) => {
    const { content, title, isNumeric } = cellContent(row, column, peers);
    return (
      <div
        key={column.id}
        role="gridcell"
        aria-colindex={number}
        className={classes.cell}
        data-numeric={isNumeric || undefined}
        style={style}
        title={title}
      >
        {content}
      </div>
    );
  };

  return (
    <div
      role="row"
      aria-rowindex={index + 3}
      aria-selected={isSelected}
      tabIndex={isFocusable ? 0 : -1}
      data-index={index}
      data-context={!row.isMatch || undefined}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div className={classes.pinned}>
        <div role="gridcell" aria-colindex={1} className={classes.name}>
          <RunNameCell {...props} />
        </div>
        {pinned.map(cell)}
      </div>
      {columns.map(cell)}
    </div>
  );
});

interface GroupRowProps extends GridRowProps {
  head: GroupHead;
  groupBy: readonly string[];
  color: RunColor | undefined;
}

export const GroupRow = memo(function GroupRow(props: GroupRowProps) {
  const { index, top, pinned, columns, isFocusable, head } = props;
  const cell = ({ column, number, style }: PlacedColumn) => (
    <div
      key={column.id}
      role="gridcell"
      aria-colindex={number}
      className={classes.cell}
      data-numeric={column.kind === "metrics" || undefined}
      style={style}
    >
      <GroupCell head={head} column={column} />
    </div>
  );

  return (
    <div
      role="row"
      aria-rowindex={index + 3}
      tabIndex={isFocusable ? 0 : -1}
      data-index={index}
      data-group
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div className={classes.pinned}>
        <div role="gridcell" aria-colindex={1} className={classes.name}>
          <GroupNameCell {...props} />
        </div>
        {pinned.map(cell)}
      </div>
      {columns.map(cell)}
    </div>
  );
});

/** A row that is still on its way. */
export function WaitingRow({ index, top }: { index: number; top: number }) {
  return (
    <div
      role="row"
      aria-rowindex={index + 3}
      aria-busy
      tabIndex={-1}
      data-index={index}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div className={classes.pinned}>
        <div role="gridcell" aria-label="Loading" className={classes.name}>
          <span className={classes.waiting} style={{ width: `${36 + ((index * 37) % 40)}%` }} />
        </div>
      </div>
    </div>
  );
}

interface FailedRowProps {
  index: number;
  top: number;
  error: Error;
  onRetry: () => void;
}

/** A row that did not come. */
export function FailedRow({ index, top, error, onRetry }: FailedRowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 3}
      tabIndex={-1}
      data-index={index}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div className={classes.pinned}>
        <div role="gridcell" className={classes.name} title={error.message}>
          <span className={classes.failed}>Not loaded</span>
          <button type="button" className={classes.retry} onClick={onRetry}>
            Try again
          </button>
        </div>
      </div>
    </div>
  );
}
