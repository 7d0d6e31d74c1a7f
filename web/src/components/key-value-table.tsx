import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, type ReactNode } from "react";

import { CopyButton } from "./copy-button";
import classes from "./key-value-table.module.css";

export interface KeyValueRow {
  key: string;
  value: string;
  /** The value in full, where it is shortened. */
  hover?: string;
  /** A word more about it, in a last column. */
  detail?: string;
  /** A page elsewhere that the value stands for. */
  href?: string;
  /** True where people want to take the value along. */
  isCopied?: boolean;
}

interface KeyValueTableProps {
  label: string;
  rows: readonly KeyValueRow[];
  isNumeric?: boolean;
  /** True where the names are few and short, and the values need the room. */
  hasShortKeys?: boolean;
  empty: ReactNode;
}

const ROW_HEIGHT = 29;
const MAX_HEIGHT = 14 * ROW_HEIGHT;

/** Names and values, of which only those in view are on the page. */
export function KeyValueTable({
  label,
  rows,
  isNumeric = false,
  hasShortKeys = false,
  empty,
}: KeyValueTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const view = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });

  if (rows.length === 0) return <p className={classes.empty}>{empty}</p>;
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      style={{ maxHeight: MAX_HEIGHT }}
      // A scrolling part of a page can be reached, and scrolled, with the keyboard.
      tabIndex={rows.length * ROW_HEIGHT > MAX_HEIGHT ? 0 : undefined}
      role="table"
      aria-label={label}
      aria-rowcount={rows.length}
    >
      <div role="rowgroup" className={classes.body} style={{ height: view.getTotalSize() }}>
        {view.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div
              key={row.key}
              role="row"
              aria-rowindex={index + 1}
              className={classes.row}
              style={{ transform: `translateY(${start}px)` }}
            >
              <span
                role="rowheader"
                className={classes.key}
                data-short={hasShortKeys || undefined}
                title={row.key}
              >
                {row.key}
              </span>
              <span
                role="cell"
                className={classes.value}
                data-numeric={isNumeric || undefined}
                title={row.hover ?? row.value}
              >
                {row.href === undefined ? (
                  row.value
                ) : (
                  <a href={row.href} target="_blank" rel="noopener noreferrer">
                    {row.value}
                  </a>
                )}
              </span>
              {row.isCopied === true && (
                <span role="cell">
                  <CopyButton text={row.value} label={`Copy: ${row.key}`} />
                </span>
              )}
              {row.detail !== undefined && (
                <span role="cell" className={classes.detail}>
                  {row.detail}
                </span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
