import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";

import { formatPlural } from "@/lib/format";

import classes from "./data-table.module.css";

export interface TableView {
  firstRow: number;
  lastRow: number;
  firstColumn: number;
  lastColumn: number;
}

interface VirtualTableProps {
  label: string;
  columns: readonly string[];
  nRows: number;
  /** Said after the number of rows. */
  remark?: string;
  /** The text of a cell; undefined while it is not known. */
  cell: (row: number, column: number) => string | undefined;
  /** Told which part is in view, where the cells are read as they are needed. */
  onView?: (view: TableView) => void;
}

const ROW_HEIGHT = 28;
const COLUMN_WIDTH = 140;
const INDEX_WIDTH = 56;
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i;

/** A table of any size, of which only the rows and columns in view are on the page. */
export function VirtualTable({ label, columns, nRows, remark, cell, onView }: VirtualTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rowsInView = useVirtualizer({
    count: nRows,
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
  const rows = rowsInView.getVirtualItems();
  const firstRow = rows[0]?.index ?? 0;
  const lastRow = rows.at(-1)?.index ?? 0;
  const firstColumn = shown[0]?.index ?? 0;
  const lastColumn = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    onView?.({ firstRow, lastRow, firstColumn, lastColumn });
  }, [onView, firstRow, lastRow, firstColumn, lastColumn]);

  return (
    <div className={classes.frame}>
      <p className={classes.size}>
        {formatPlural(nRows, "row")}
        {remark ?? ""}, {formatPlural(columns.length, "column")}
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
          aria-rowcount={nRows + 1}
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
                  data-numeric={NUMBER.test(cell(0, index) ?? "") || undefined}
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
            {rows.map((row) => (
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
                  const text = cell(row.index, index);
                  return (
                    <span
                      key={index}
                      role="cell"
                      className={classes.cell}
                      data-numeric={(text !== undefined && NUMBER.test(text)) || undefined}
                      title={text}
                      style={{ left: start, width: size }}
                    >
                      {text ?? "…"}
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
