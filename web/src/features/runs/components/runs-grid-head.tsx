import { Checkbox } from "@mantine/core";

import { KINDS, type RunColumn } from "@/lib/run-columns";

import type { ColumnSizes } from "../use-column-sizes";
import classes from "./runs-table.module.css";

interface RunsGridHeadProps {
  columns: readonly RunColumn[];
  sizes: ColumnSizes;
  shownColumns: readonly { index: number; start: number; size: number }[];
  orderBy: string;
  isAllSelected: boolean;
  onOrderBy: (orderBy: string) => void;
  onSelectAll: () => void;
}

export function RunsGridHead(props: RunsGridHeadProps) {
  const { columns, sizes, shownColumns, orderBy, isAllSelected, onOrderBy, onSelectAll } = props;

  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" aria-rowindex={1} className={classes.groups}>
        <div role="columnheader" className={classes.name} aria-label="Run" />
        {columnGroups(columns, sizes).map(({ title, start, size }) => (
          <div
            key={title}
            role="columnheader"
            className={classes.group}
            style={{ left: start, width: size }}
          >
            <span className={classes.groupTitle}>{title}</span>
          </div>
        ))}
      </div>
      <div role="row" aria-rowindex={2} className={classes.titles}>
        <div
          role="columnheader"
          aria-colindex={1}
          aria-sort={sortOf("attributes.run_name", orderBy)}
          className={classes.name}
        >
          <Checkbox
            size="xs"
            aria-label="Select all loaded runs"
            checked={isAllSelected}
            onChange={onSelectAll}
          />
          <SortButton
            title="Name"
            orderKey="attributes.run_name"
            first="ASC"
            orderBy={orderBy}
            onOrderBy={onOrderBy}
          />
          <Resizer title="Name" sizes={sizes} id="name" />
        </div>
        {shownColumns.map(({ index, start, size }) => {
          const column = columns[index];
          if (column === undefined) return null;
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-colindex={index + 2}
              aria-sort={column.orderKey === null ? undefined : sortOf(column.orderKey, orderBy)}
              className={classes.title}
              data-numeric={column.kind === "metrics" || undefined}
              style={{ left: start, width: size }}
            >
              {column.orderKey === null ? (
                <span className={classes.titleText} title={column.title}>
                  {column.title}
                </span>
              ) : (
                <SortButton
                  title={column.title}
                  orderKey={column.orderKey}
                  first={column.kind === "params" || column.kind === "tags" ? "ASC" : "DESC"}
                  orderBy={orderBy}
                  onOrderBy={onOrderBy}
                />
              )}
              <Resizer title={column.title} sizes={sizes} id={column.id} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface SortButtonProps {
  title: string;
  orderKey: string;
  first: "ASC" | "DESC";
  orderBy: string;
  onOrderBy: (orderBy: string) => void;
}

/** Orders by the column, then the other way round, then as before. */
function SortButton({ title, orderKey, first, orderBy, onOrderBy }: SortButtonProps) {
  const order = sortOf(orderKey, orderBy);
  const second = first === "ASC" ? "DESC" : "ASC";
  const isFirst = orderBy === `${orderKey} ${first}`;
  const next = order === "none" ? `${orderKey} ${first}` : isFirst ? `${orderKey} ${second}` : "";

  return (
    <button
      type="button"
      className={classes.sort}
      title={title}
      data-active={order !== "none" || undefined}
      onClick={() => onOrderBy(next)}
    >
      <span className={classes.titleText}>{title}</span>
      {order !== "none" && <span aria-hidden>{order === "ascending" ? "↑" : "↓"}</span>}
    </button>
  );
}

function Resizer({ title, sizes, id }: { title: string; sizes: ColumnSizes; id: string }) {
  const { startResize, isResizing } = sizes;
  return (
    <span
      className={classes.resizer}
      data-active={isResizing(id) || undefined}
      role="presentation"
      title={`Width of ${title}: drag, or double click for the default`}
      onMouseDown={startResize(id)}
      onTouchStart={startResize(id)}
      onDoubleClick={() => sizes.reset(id)}
    />
  );
}

function sortOf(orderKey: string, orderBy: string): "ascending" | "descending" | "none" {
  if (orderBy === `${orderKey} ASC`) return "ascending";
  return orderBy === `${orderKey} DESC` ? "descending" : "none";
}

/** Where the columns of each kind begin and how wide they are together. */
function columnGroups(columns: readonly RunColumn[], sizes: ColumnSizes) {
  let start = sizes.nameSize;
  return KINDS.flatMap(({ kind, title }) => {
    const size = columns.reduce(
      (sum, column, at) => sum + (column.kind === kind ? (sizes.leaves[at]?.size ?? 0) : 0),
      0,
    );
    const group = { title, start, size };
    start += size;
    return size === 0 ? [] : [group];
  });
}
