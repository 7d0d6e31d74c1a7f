import { IconDots } from "@tabler/icons-react";
import { useMemo, useState, type DragEvent, type MouseEvent } from "react";

import { loaded } from "@/components/loaded";
import { Menu } from "@/components/menu";
import { KINDS, moveColumn, prefixOf, stepColumn, type RunColumn } from "@/lib/run-columns";
import { countSelected } from "@/lib/run-selection";
import { directionOf, nextOrder, rankOf } from "@/lib/table-order";

import { ColumnResizer } from "./column-resizer";
import type { PlacedColumn } from "./grid-row";
import type { RunsTableProps } from "./runs-table";
import classes from "./runs-table.module.css";

const ColumnMenu = loaded(async () => (await import("./column-menu")).ColumnMenu);

interface RunsGridHeadProps extends RunsTableProps {
  pinned: readonly PlacedColumn[];
  loose: readonly PlacedColumn[];
  shown: { first: number; last: number };
  nameWidth: number;
  onNameWidth: (width: number | null) => void;
}

const NAME_KEY = "attributes.run_name";

export function RunsGridHead(props: RunsGridHeadProps) {
  const { pinned, loose, shown, selection, nRuns, request, nameWidth } = props;
  const { onSelectAll, onNameWidth, onOrder } = props;
  const bands = useMemo(() => bandsOf(loose), [loose]);
  const nSelected = countSelected(selection, nRuns);
  const isAll = nRuns > 0 && nSelected >= nRuns;
  const inView = bands.filter((band) => band.first < shown.last && band.last > shown.first);

  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" aria-rowindex={1} className={classes.groups}>
        <div role="columnheader" aria-label="Run" className={classes.pinned} />
        {inView.map(({ id, title, kind, start, width }) => (
          <div
            key={id}
            role="columnheader"
            className={classes.group}
            style={{ left: start, width }}
            title={title === "" ? kind : `${kind}: ${title}`}
          >
            <span className={classes.groupTitle}>
              {title === "" ? kind : <span className={classes.prefix}>{title}</span>}
            </span>
          </div>
        ))}
      </div>
      <div role="row" aria-rowindex={2} className={classes.titles}>
        <div className={classes.pinned} role="presentation">
          <div
            role="columnheader"
            aria-colindex={1}
            aria-sort={ariaSort(directionOf(NAME_KEY, request.order))}
            className={classes.name}
          >
            <input
              type="checkbox"
              className={classes.check}
              aria-label="Select all runs that match"
              checked={isAll}
              ref={(box) => {
                if (box !== null) box.indeterminate = nSelected > 0 && !isAll;
              }}
              onChange={() => onSelectAll(!isAll)}
            />
            <SortButton
              title="Name"
              orderKey={NAME_KEY}
              first="ASC"
              order={request.order}
              onOrder={onOrder}
            />
            <ColumnResizer title="Name" width={nameWidth} onWidth={onNameWidth} />
          </div>
          {pinned.map((placed) => (
            <TitleCell key={placed.column.id} {...props} placed={placed} />
          ))}
        </div>
        {loose.slice(shown.first, shown.last).map((placed) => (
          <TitleCell key={placed.column.id} {...props} placed={placed} />
        ))}
      </div>
    </div>
  );
}

const DRAGGED = "text/x-fluvial-column";

function TitleCell(props: RunsGridHeadProps & { placed: PlacedColumn }) {
  const { placed, columns, request, onOrder, onColumns } = props;
  const { column, start, width, number } = placed;
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const [isOver, setIsOver] = useState(false);
  const prefix = column.isPinned ? "" : prefixOf(column);
  const isText = column.kind === "params" || column.kind === "tags";

  const replace = (next: RunColumn) =>
    onColumns(columns.map((one) => (one.id === column.id ? next : one)));
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    const id = event.dataTransfer.getData(DRAGGED);
    if (id !== "") onColumns(moveColumn(columns, id, column.id));
  };
  return (
    // Dragging is one way; Alt with an arrow key on the title, and its menu, are others.
    <div
      role="columnheader"
      tabIndex={-1}
      aria-colindex={number}
      aria-sort={
        column.orderKey === null ? undefined : ariaSort(directionOf(column.orderKey, request.order))
      }
      className={classes.title}
      data-numeric={column.kind === "metrics" || undefined}
      data-over={isOver || undefined}
      style={{ left: start, width }}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAGGED, column.id);
        event.dataTransfer.effectAllowed = "move";
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
      onContextMenu={(event: MouseEvent) => {
        event.preventDefault();
        setIsMenuOpen(true);
      }}
      onKeyDown={(event) => {
        if (!event.altKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
        event.preventDefault();
        onColumns(stepColumn(columns, column.id, event.key === "ArrowLeft" ? -1 : 1));
      }}
    >
      <SortButton
        title={prefix === "" ? column.title : column.title.slice(prefix.length + 1)}
        fullTitle={column.title}
        shown={column.shown}
        orderKey={column.orderKey}
        first={isText ? "ASC" : "DESC"}
        order={request.order}
        onOrder={onOrder}
      />
      <Menu opened={isMenuOpen} onChange={setIsMenuOpen} position="bottom-start" width={200}>
        <Menu.Target>
          <button
            type="button"
            className={classes.menuButton}
            aria-label={`Menu of ${column.title}`}
            onClick={() => setIsMenuOpen(!isMenuOpen)}
          >
            <IconDots size={13} />
          </button>
        </Menu.Target>
        <Menu.Dropdown className={classes.menu}>
          <ColumnMenu {...props} column={column} />
        </Menu.Dropdown>
      </Menu>
      <ColumnResizer
        title={column.title}
        width={width}
        onWidth={(next) => replace({ ...column, width: next })}
      />
    </div>
  );
}

interface SortButtonProps {
  title: string;
  fullTitle?: string;
  shown?: RunColumn["shown"];
  orderKey: string | null;
  first: "ASC" | "DESC";
  order: readonly string[];
  onOrder: (order: string[]) => void;
}

/** Orders by the column, then the other way round, then as before; with Shift, after the other columns. */
function SortButton(props: SortButtonProps) {
  const { title, fullTitle = title, shown = "last", orderKey, first, order, onOrder } = props;
  const text = (
    <>
      <span className={classes.titleText}>{title}</span>
      {shown !== "last" && <span className={classes.shown}>{shown}</span>}
    </>
  );
  if (orderKey === null) {
    return (
      <span className={classes.sort} title={fullTitle}>
        {text}
      </span>
    );
  }
  const direction = directionOf(orderKey, order);
  const rank = rankOf(orderKey, order);
  return (
    <button
      type="button"
      className={classes.sort}
      aria-label={shown === "last" ? fullTitle : `${fullTitle} ${shown}`}
      title={`${fullTitle}\nShift-click to order by several columns`}
      data-active={direction !== null || undefined}
      onClick={(event) => onOrder(nextOrder(orderKey, order, first, event.shiftKey))}
    >
      {text}
      {direction !== null && (
        <span aria-hidden className={classes.arrow}>
          {direction === "ASC" ? "↑" : "↓"}
          {rank}
        </span>
      )}
    </button>
  );
}

function ariaSort(direction: "ASC" | "DESC" | null): "ascending" | "descending" | "none" {
  if (direction === null) return "none";
  return direction === "ASC" ? "ascending" : "descending";
}

interface Band {
  id: string;
  kind: string;
  /** The prefix that the names share; "" where they have none. */
  title: string;
  first: number;
  last: number;
  start: number;
  width: number;
}

/** Neighbouring columns of one kind and prefix, under one title. */
function bandsOf(columns: readonly PlacedColumn[]): Band[] {
  const bands: Band[] = [];
  columns.forEach(({ column, start, width }, at) => {
    const kind = KINDS.find((one) => one.kind === column.kind)?.title ?? "";
    const title = prefixOf(column);
    const last = bands.at(-1);
    if (last !== undefined && last.kind === kind && last.title === title) {
      last.last = at + 1;
      last.width += width;
    } else {
      bands.push({ id: column.id, kind, title, first: at, last: at + 1, start, width });
    }
  });
  return bands;
}
