import { IconChevronRight, IconFolder } from "@tabler/icons-react";

import type { ExperimentOverview } from "@/api/experiments";
import type { FolderLine } from "@/lib/experiment-folders";
import { formatCount } from "@/lib/format";

import classes from "./experiments-table.module.css";

interface FolderRowProps {
  folder: FolderLine<ExperimentOverview>;
  /** Whether more experiments may come into it. */
  hasMore: boolean;
  nChosen: number;
  onChoose: (isChosen: boolean) => void;
  onToggle: () => void;
}

/** Pixels by which each folder moves what is in it to the right. */
export const INDENT = 22;

/** A folder, which opens and closes, and by which all that is in it is chosen. */
export function FolderRow({ folder, hasMore, nChosen, onChoose, onToggle }: FolderRowProps) {
  const { title, path, depth, all, isOpen } = folder;
  const isAll = nChosen === all.length;

  return (
    <div
      role="row"
      className={classes.row}
      onKeyDown={(event) => {
        const isFolding = event.key === (isOpen ? "ArrowLeft" : "ArrowRight");
        if (!isFolding || event.target instanceof HTMLInputElement) return;
        event.preventDefault();
        onToggle();
      }}
    >
      <span role="cell" className={classes.name} style={{ paddingLeft: depth * INDENT }}>
        <input
          type="checkbox"
          className={classes.check}
          aria-label={`Select all in ${path}`}
          checked={isAll}
          ref={(box) => {
            if (box !== null) box.indeterminate = nChosen > 0 && !isAll;
          }}
          onChange={() => onChoose(!isAll)}
        />
        <button
          type="button"
          className={classes.folder}
          data-row
          aria-expanded={isOpen}
          onClick={onToggle}
        >
          <IconChevronRight size={14} className={classes.chevron} data-open={isOpen || undefined} />
          <IconFolder size={15} stroke={1.6} />
          {title}
        </button>
        <span className={classes.note}>
          {formatCount(all.length)}
          {hasMore && "+"}
        </span>
      </span>
    </div>
  );
}
