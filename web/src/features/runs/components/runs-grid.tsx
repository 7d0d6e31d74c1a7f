import { Skeleton } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type CSSProperties } from "react";

import type { Run } from "@/api/runs";
import { useRowHeight } from "@/components/preferences";
import { moveRowFocus } from "@/components/row-focus";
import type { RunNode } from "@/lib/run-tree";

import { useColumnSizes } from "../use-column-sizes";
import { isNumeric, RunCell } from "./run-cell";
import { RunNameCell } from "./run-name-cell";
import { RunsGridHead } from "./runs-grid-head";
import classes from "./runs-table.module.css";
import type { RunsTableProps } from "./runs-table";

interface RunsGridProps extends RunsTableProps {
  nodes: readonly RunNode<Run>[];
  isTree: boolean;
  hasMore: boolean;
  onToggle: (runId: string) => void;
  onEnd: () => void;
}

const HEAD_ROWS = 2;

/** The rows and columns that are in view, of however many there are. */
export function RunsGrid(props: RunsGridProps) {
  const { nodes, columns, selected, isTree, hasMore, onSelect, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const sizes = useColumnSizes(columns);
  const rowHeight = useRowHeight();
  const rows = useVirtualizer({
    count: nodes.length + (hasMore ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const columnsInView = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => sizes.leaves[index]?.size ?? 0,
    paddingStart: sizes.nameSize,
    overscan: 3,
  });
  useEffect(() => columnsInView.measure(), [columnsInView, sizes]);

  const shownRows = rows.getVirtualItems();
  const shownColumns = columnsInView.getVirtualItems();
  const isAtEnd = hasMore && (shownRows.at(-1)?.index ?? 0) >= nodes.length;
  useEffect(() => {
    if (isAtEnd) onEnd();
  });

  const isAllSelected = nodes.every((node) => selected.has(node.run.id));
  return (
    <div className={classes.scroller} ref={scroller}>
      <div
        role="grid"
        aria-label="Runs"
        aria-rowcount={hasMore ? -1 : nodes.length + HEAD_ROWS}
        aria-colcount={columns.length + 1}
        aria-multiselectable
        tabIndex={-1}
        className={classes.grid}
        style={
          {
            width: columnsInView.getTotalSize(),
            "--name-size": `${sizes.nameSize}px`,
          } as CSSProperties
        }
        onKeyDown={moveRowFocus}
      >
        <RunsGridHead
          {...props}
          sizes={sizes}
          shownColumns={shownColumns}
          isAllSelected={isAllSelected}
          onSelectAll={() =>
            onSelect(
              nodes.map((node) => node.run.id),
              !isAllSelected,
            )
          }
        />
        <div role="rowgroup" className={classes.body} style={{ height: rows.getTotalSize() }}>
          {shownRows.map(({ index, start }) => {
            const node = nodes[index];
            const style = { transform: `translateY(${start}px)` };
            return node === undefined ? (
              <div key="more" className={classes.more} style={style}>
                <Skeleton height={11} width={220} />
              </div>
            ) : (
              <GridRow
                key={node.run.id}
                {...props}
                node={node}
                index={index}
                style={style}
                isTree={isTree}
                shownColumns={shownColumns}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface GridRowProps extends RunsGridProps {
  node: RunNode<Run>;
  index: number;
  style: CSSProperties;
  shownColumns: readonly { index: number; start: number; size: number }[];
}

function GridRow(props: GridRowProps) {
  const { node, index, style, columns, colors, selected, isTree, shownColumns, list } = props;
  const { onSelect, onToggle, onOpen } = props;
  const { run, isOpen, nDescendants } = node;
  const isSelected = selected.has(run.id);
  const select = () => onSelect([run.id], !isSelected);

  return (
    <div
      role="row"
      aria-rowindex={index + HEAD_ROWS + 1}
      aria-selected={isSelected}
      tabIndex={index === 0 ? 0 : -1}
      data-row
      data-context={list.parents.includes(run) || undefined}
      className={classes.row}
      style={style}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        const isFolding = event.key === (isOpen ? "ArrowLeft" : "ArrowRight");
        if (event.key === "Enter") onOpen(run);
        else if (event.key === " ") select();
        else if (isFolding && nDescendants > 0) onToggle(run.id);
        else return;
        event.preventDefault();
      }}
    >
      <div role="gridcell" aria-colindex={1} className={classes.name}>
        <RunNameCell
          node={node}
          color={colors.get(run.id)}
          isSelected={isSelected}
          isTree={isTree}
          onSelect={select}
          onToggle={() => onToggle(run.id)}
        />
      </div>
      {shownColumns.map(({ index: at, start, size }) => {
        const column = columns[at];
        if (column === undefined) return null;
        return (
          <div
            key={column.id}
            role="gridcell"
            aria-colindex={at + 2}
            className={classes.cell}
            data-numeric={isNumeric(run, column) || undefined}
            style={{ left: start, width: size }}
          >
            <RunCell run={run} column={column} />
          </div>
        );
      })}
    </div>
  );
}
