import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
} from "react";

import type { TableRow } from "@/api/run-rows";
import { useRowHeight } from "@/components/preferences";
import { useRowsFromPage } from "@/components/row-focus";
import { isSelected } from "@/lib/run-selection";
import { widthOf } from "@/lib/run-columns";
import { groupLabel } from "@/lib/run-fields";
import { fieldBlocks } from "@/lib/table-fields";
import { countRows } from "@/lib/table-sections";
import { columnStarts } from "@/lib/table-window";

import { useGridScroll } from "../use-grid-scroll";
import { numberField } from "../use-run-groups";
import { useTableRows, type TableLine } from "../use-table-rows";
import { FailedRow, GroupRow, RunRow, WaitingRow, type PlacedColumn } from "./grid-row";
import { RunsGridHead } from "./runs-grid-head";
import type { RunsTableProps } from "./runs-table";
import classes from "./runs-table.module.css";

interface RunsGridProps extends RunsTableProps {
  nameWidth: number;
  onNameWidth: (width: number | null) => void;
}

const HEAD_HEIGHT = 57;
/** A mean and its deviation, of a number and of a duration. */
const SUMMARY_WIDTH = 144;
const LONG_SUMMARY_WIDTH = 170;

/** The rows and columns that are in view, of however many there are. */
export function RunsGrid(props: RunsGridProps) {
  const { request, sections, columns, colors, groupColors, selection } = props;
  const { groupBy, nameWidth } = props;
  const rowHeight = useRowHeight();
  const [active, setActive] = useState(0);
  const [renaming, setRenaming] = useState<string | null>(null);

  const isGrouped = groupBy.length > 0;
  const layout = useMemo(
    () => layOut(columns, nameWidth, isGrouped),
    [columns, nameWidth, isGrouped],
  );
  const nRows = countRows(sections);
  const {
    scroller,
    rows,
    columns: shown,
    fetched,
    pageRows,
    nSlots,
    scrollToRow,
  } = useGridScroll({
    nRows,
    rowHeight,
    headHeight: HEAD_HEIGHT,
    starts: layout.starts,
    pinnedWidth: layout.pinnedWidth,
    subject: JSON.stringify([request, groupBy]),
  });
  const shownColumns = useMemo(() => layout.loose.slice(shown.first, shown.last), [layout, shown]);
  const blocks = useMemo(
    () =>
      fieldBlocks(
        layout.loose.map(({ column }) => column.field),
        layout.pinned.map(({ column }) => column.field),
        shown.first,
        shown.last,
      ),
    [layout, shown],
  );
  const lineAt = useTableRows({ request, sections, ...fetched, blocks });

  const lines: { index: number; line: TableLine }[] = [];
  for (let index = rows.first; index < rows.last; index += 1) {
    lines.push({ index, line: lineAt(index) });
  }
  const isTree = request.isNested && lines.some(({ line }) => isNested(line));
  const focusable = active >= rows.first && active < rows.last ? active : rows.first;

  const wanted = useRef<number | null>(null);
  const takeFocus = () => {
    if (wanted.current === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  };
  useEffect(takeFocus);
  const focusRow = (index: number) => {
    const next = Math.max(0, Math.min(nRows - 1, index));
    setActive(next);
    scrollToRow(next);
    // At once where it can be: the next key may be on its way. Else once the row has been drawn.
    wanted.current = next;
    takeFocus();
  };
  useRowsFromPage(scroller, "[data-index][tabindex='0']");
  const actions = useGridActions({ ...props, lineAt, setRenaming, focusRow, pageRows, nRows });
  const onRename = props.onRename;
  const finishRename = useCallback(
    (name: string | null) => {
      setRenaming(null);
      if (name !== null && renaming !== null) onRename(renaming, name);
    },
    [renaming, onRename],
  );

  return (
    <div className={classes.scroller} ref={scroller} data-stale={props.isStale || undefined}>
      <div
        role="grid"
        aria-label="Runs"
        aria-rowcount={nRows + 2}
        aria-colcount={columns.length + 1}
        aria-multiselectable
        tabIndex={-1}
        className={classes.grid}
        data-selecting={selection.isAll || selection.ids.size > 0 || undefined}
        style={
          {
            width: layout.pinnedWidth + (layout.starts.at(-1) ?? 0),
            "--name-size": `${nameWidth}px`,
            "--pinned-size": `${layout.pinnedWidth}px`,
          } as CSSProperties
        }
      >
        <RunsGridHead {...props} pinned={layout.pinned} loose={layout.loose} shown={shown} />
        {/* Keys and clicks are those of the rows, which take the focus: one listener serves them all. */}
        <div
          role="rowgroup"
          className={classes.body}
          style={{ height: rows.height }}
          onClick={actions.onClick}
          onDoubleClick={actions.onDoubleClick}
          onKeyDown={actions.onKeyDown}
          onFocus={(event) => {
            const index = indexOf(event.target);
            if (index !== null) setActive(index);
          }}
        >
          {lines.map(({ index, line }) => {
            // The elements of rows that leave the view are those of rows that come into it.
            const slot = index % nSlots;
            const place = {
              index,
              top: index * rowHeight + rows.shift,
              pinned: layout.pinned,
              columns: shownColumns,
              isFocusable: index === focusable,
            };
            if (line.kind === "waiting") {
              return <WaitingRow key={slot} index={index} top={place.top} />;
            }
            if (line.kind === "failed") {
              const { error, retry } = line;
              return (
                <FailedRow key={slot} index={index} top={place.top} error={error} onRetry={retry} />
              );
            }
            if (line.kind === "group") {
              const color = groupColors.get(groupLabel(line.head.group.values));
              return (
                <GroupRow key={slot} {...place} head={line.head} groupBy={groupBy} color={color} />
              );
            }
            const { row, peers } = line;
            return (
              <RunRow
                key={slot}
                {...place}
                row={row}
                color={colors.get(row.id)}
                isSelected={isSelected(selection, row.id)}
                isTree={isTree}
                isRenaming={renaming === row.id}
                peers={peers}
                onRename={finishRename}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface GridActions extends RunsTableProps {
  lineAt: (index: number) => TableLine;
  setRenaming: (runId: string) => void;
  focusRow: (index: number) => void;
  pageRows: number;
  nRows: number;
}

function useGridActions(grid: GridActions) {
  const { selection, lineAt, setRenaming, focusRow, pageRows, nRows } = grid;
  const { onSelect, onSelectRange, onToggleFamily, onToggleGroup, onOpen } = grid;
  const anchor = useRef<number | null>(null);

  const select = (index: number, row: TableRow, isRange: boolean) => {
    const selects = !isSelected(selection, row.id);
    if (isRange && anchor.current !== null) onSelectRange(anchor.current, index, selects);
    else onSelect([row.id], selects);
    anchor.current = index;
  };
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const index = indexOf(event.target);
    const act = (event.target as HTMLElement).closest<HTMLElement>("[data-act]")?.dataset["act"];
    if (index === null || act === undefined) return;
    const line = lineAt(index);
    if (line.kind === "group" && act === "group") onToggleGroup(line.head.filter);
    if (line.kind !== "run") return;
    if (act === "select") select(index, line.row, event.shiftKey);
    if (act === "toggle") onToggleFamily(line.row.id);
  };
  const onDoubleClick = (event: MouseEvent<HTMLElement>) => {
    const index = indexOf(event.target);
    const line = index === null ? null : lineAt(index);
    if (line?.kind !== "run" || (event.target as HTMLElement).closest("[data-act], input")) return;
    event.preventDefault();
    setRenaming(line.row.id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const index = indexOf(event.target);
    if (index === null || (event.target as HTMLElement).dataset["index"] === undefined) return;
    const moved = moveOf(event.key, index, pageRows, nRows);
    if (moved !== null) {
      event.preventDefault();
      focusRow(moved);
      return;
    }
    const line = lineAt(index);
    if (line.kind === "group") {
      const isFolding = event.key === (line.head.isOpen ? "ArrowLeft" : "ArrowRight");
      if (event.key !== "Enter" && event.key !== " " && !isFolding) return;
      onToggleGroup(line.head.filter);
    } else if (line.kind === "run") {
      const { row } = line;
      const isFolding = event.key === (row.isOpen ? "ArrowLeft" : "ArrowRight");
      if (event.key === "Enter") onOpen(row);
      else if (event.key === " ") select(index, row, event.shiftKey);
      else if (event.key === "F2") setRenaming(row.id);
      else if (isFolding && row.nBelow > 0) onToggleFamily(row.id);
      else return;
    }
    event.preventDefault();
  };
  return { onClick, onDoubleClick, onKeyDown };
}

function moveOf(key: string, index: number, pageRows: number, nRows: number): number | null {
  switch (key) {
    case "ArrowDown":
      return index + 1;
    case "ArrowUp":
      return index - 1;
    case "PageDown":
      return index + pageRows;
    case "PageUp":
      return index - pageRows;
    case "Home":
      return 0;
    case "End":
      return nRows - 1;
    default:
      return null;
  }
}

function isNested(line: TableLine): boolean {
  return line.kind === "run" && (line.row.nBelow > 0 || line.row.depth > 0);
}

function indexOf(target: EventTarget): number | null {
  const row = (target as HTMLElement).closest<HTMLElement>("[data-index]");
  return row === null ? null : Number(row.dataset["index"]);
}

/** Pinned columns stand beside the name; the others begin behind them, and scroll. */
function layOut(columns: RunsTableProps["columns"], nameWidth: number, isGrouped: boolean) {
  const widths = columns.map((column) =>
    isGrouped && numberField(column) !== ""
      ? Math.max(column.kind === "metrics" ? SUMMARY_WIDTH : LONG_SUMMARY_WIDTH, widthOf(column))
      : widthOf(column),
  );
  const nPinned = columns.filter((column) => column.isPinned).length;
  const place = (from: number, to: number, begin: number) => {
    let start = begin;
    return columns.slice(from, to).map((column, at): PlacedColumn => {
      const width = widths[from + at] ?? 0;
      const placed = { column, start, width, number: from + at + 2, style: { left: start, width } };
      start += width;
      return placed;
    });
  };
  const pinned = place(0, nPinned, nameWidth);
  const pinnedWidth = nameWidth + pinned.reduce((sum, { width }) => sum + width, 0);
  return {
    pinned,
    pinnedWidth,
    loose: place(nPinned, columns.length, pinnedWidth),
    starts: columnStarts(widths.slice(nPinned)),
  };
}
