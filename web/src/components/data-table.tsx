import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";

import type { TableData } from "@/lib/table-data";
import { formatCount } from "@/lib/format";

import classes from "./data-table.module.css";

interface DataTableProps {
  label: string;
  table: TableData;
}

const ROW_HEIGHT = 28;
const COLUMN_WIDTH = 140;
const INDEX_WIDTH = 56;
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i;

/** Rows and columns of a file, of which only those in view are on the page. */
export function DataTable({ label, table }: DataTableProps) {
  const { columns, rows, isCut } = table;
  const scroller = useRef<HTMLDivElement>(null);
  const rowsInView = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  const columnsInView = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => COLUMN_WIDTH,
    paddingStart: INDEX_WIDTH,
    overscan: 2,
  });
  const shown = columnsInView.getVirtualItems();

  return (
    <div className={classes.frame}>
      <p className={classes.size}>
        {formatCount(rows.length)} rows{isCut ? " (the first of more)" : ""},{" "}
        {formatCount(columns.length)} columns
      </p>
      {/* A scrolling part of a page can be reached, and scrolled, with the keyboard. */}
      <div
        className={classes.scroller}
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        <div
          role="table"
          aria-label={label}
          aria-rowcount={rows.length + 1}
          aria-colcount={columns.length}
          style={{ width: columnsInView.getTotalSize() }}
        >
          <div role="rowgroup" className={classes.head}>
            <div role="row" className={classes.titles}>
              {shown.map(({ index, start, size }) => (
                <span
                  key={index}
                  role="columnheader"
                  className={classes.cell}
                  data-numeric={NUMBER.test(rows[0]?.[index] ?? "") || undefined}
                  title={columns[index]}
                  style={{ left: start, width: size }}
                >
                  {columns[index]}
                </span>
              ))}
            </div>
          </div>
          <div
            role="rowgroup"
            className={classes.body}
            style={{ height: rowsInView.getTotalSize() }}
          >
            {rowsInView.getVirtualItems().map((row) => (
              <div
                key={row.index}
                role="row"
                aria-rowindex={row.index + 2}
                className={classes.row}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <span className={classes.index} aria-hidden>
                  {row.index + 1}
                </span>
                {shown.map(({ index, start, size }) => {
                  const text = rows[row.index]?.[index] ?? "";
                  return (
                    <span
                      key={index}
                      role="cell"
                      className={classes.cell}
                      data-numeric={NUMBER.test(text) || undefined}
                      title={text}
                      style={{ left: start, width: size }}
                    >
                      {text}
                    </span>
                  );
                })}
              </div>
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}
