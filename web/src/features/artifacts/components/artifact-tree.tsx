import { Skeleton } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  IconBook,
  IconChevronRight,
  IconCube,
  IconFile,
  IconFileText,
  IconFolder,
  IconJson,
  IconMovie,
  IconPdf,
  IconPhoto,
  IconTable,
  IconVolume,
  type Icon,
} from "@tabler/icons-react";
import { useEffect, useRef, type KeyboardEvent } from "react";

import { moveRowFocus } from "@/components/row-focus";
import { artifactKind, type ArtifactKind } from "@/lib/artifact-kind";
import type { TreeRow } from "@/lib/artifact-rows";
import { formatBytes } from "@/lib/format";

import classes from "./artifact-browser.module.css";

interface ArtifactTreeProps {
  rows: readonly TreeRow[];
  path: string;
  onPath: (path: string) => void;
  onToggle: (folder: string) => void;
  onMore: (folder: string) => void;
}

const ICONS: Record<ArtifactKind, Icon> = {
  image: IconPhoto,
  audio: IconVolume,
  video: IconMovie,
  pdf: IconPdf,
  markdown: IconFileText,
  json: IconJson,
  notebook: IconBook,
  table: IconTable,
  parquet: IconTable,
  html: IconFileText,
  model: IconCube,
  code: IconFileText,
  text: IconFileText,
  other: IconFile,
};
const ROW_HEIGHT = 28;

/** The files of a run, of which only those in view are on the page. */
export function ArtifactTree({ rows, path, onPath, onToggle, onMore }: ArtifactTreeProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const view = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (at) => rows[at]?.id ?? at,
    overscan: 12,
  });
  const at = path === "" ? -1 : rows.findIndex((row) => row.id === path);
  const isListed = at >= 0;
  const latest = useRef({ at, view });
  useEffect(() => {
    latest.current = { at, view };
  });
  // A link leads to a file that may be far down; from then on people scroll themselves.
  useEffect(() => {
    if (isListed) latest.current.view.scrollToIndex(latest.current.at, { align: "auto" });
  }, [path, isListed]);

  return (
    <div ref={scroller} className={classes.tree}>
      <div
        role="tree"
        aria-label="Artifacts"
        tabIndex={-1}
        className={classes.rows}
        style={{ height: view.getTotalSize() }}
        onKeyDown={moveRowFocus}
      >
        {view.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <Row
              key={key}
              row={row}
              isFirst={index === 0}
              isSelected={row.id === path}
              top={start}
              onOpen={() => {
                if (row.kind !== "entry") onMore(row.folder);
                else if (row.entry.isFolder) onToggle(row.id);
                else onPath(row.id);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  row: TreeRow;
  /** The row at which the keyboard enters the tree. */
  isFirst: boolean;
  isSelected: boolean;
  top: number;
  onOpen: () => void;
}

function Row({ row, isFirst, isSelected, top, onOpen }: RowProps) {
  const style = { transform: `translateY(${top}px)`, paddingLeft: 8 + row.depth * 16 };

  if (row.kind === "wait") {
    return (
      <div className={classes.place} style={style}>
        <Skeleton height={12} width="50%" ml={18} />
      </div>
    );
  }
  if (row.kind === "empty") {
    return (
      <div className={classes.place} style={style}>
        <span className={classes.empty}>Empty folder</span>
      </div>
    );
  }
  if (row.kind !== "entry") {
    return (
      <div className={classes.place} style={style}>
        <button type="button" className={classes.more} onClick={onOpen}>
          {row.kind === "error" ? `${row.message} Try again` : "Show more"}
        </button>
      </div>
    );
  }
  const { entry, isOpen, depth } = row;
  const EntryIcon = entry.isFolder ? IconFolder : ICONS[artifactKind(entry.name)];
  const onKeyDown = (event: KeyboardEvent) => {
    const folds = entry.isFolder && event.key === (isOpen ? "ArrowLeft" : "ArrowRight");
    if (event.key !== "Enter" && !folds) return;
    event.preventDefault();
    onOpen();
  };
  return (
    <div
      role="treeitem"
      aria-expanded={entry.isFolder ? isOpen : undefined}
      aria-selected={isSelected}
      aria-level={depth + 1}
      tabIndex={isFirst ? 0 : -1}
      data-row
      className={classes.entry}
      style={style}
      onClick={onOpen}
      onKeyDown={onKeyDown}
    >
      {entry.isFolder ? (
        <IconChevronRight
          size={14}
          className={classes.chevron}
          data-open={isOpen || undefined}
          aria-hidden
        />
      ) : (
        <span className={classes.indent} />
      )}
      <EntryIcon size={16} stroke={1.5} aria-hidden />
      <span className={classes.name} title={entry.name}>
        {entry.name}
      </span>
      {entry.sizeBytes !== null && (
        <span className={classes.size}>{formatBytes(entry.sizeBytes)}</span>
      )}
    </div>
  );
}
