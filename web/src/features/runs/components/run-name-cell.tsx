import { IconChevronRight } from "@tabler/icons-react";
import { useRef, useState } from "react";

import type { TableRow } from "@/api/run-rows";
import { RunDot } from "@/components/run-dot";
import { formatCount, formatPlural } from "@/lib/format";
import type { RunColor } from "@/lib/run-colors";

import classes from "./runs-table.module.css";

interface RunNameCellProps {
  row: TableRow;
  color: RunColor | undefined;
  isSelected: boolean;
  /** Whether the table has families, so that all names leave room for the signs of them. */
  isTree: boolean;
  isRenaming: boolean;
  onRename: (name: string | null) => void;
}

const INDENT = 18;

export function RunNameCell(props: RunNameCellProps) {
  const { row, color, isSelected, isTree, isRenaming, onRename } = props;

  return (
    <>
      <input
        type="checkbox"
        className={classes.check}
        tabIndex={-1}
        aria-label={`Select ${row.name}`}
        checked={isSelected}
        data-act="select"
        readOnly
      />
      {isTree && (
        <span className={classes.indent} style={{ width: (row.depth + 1) * INDENT }}>
          {row.nBelow > 0 && (
            <button
              type="button"
              tabIndex={-1}
              className={classes.toggle}
              data-act="toggle"
              aria-expanded={row.isOpen}
              aria-label={`${row.isOpen ? "Hide" : "Show"} the ${formatPlural(row.nBelow, "run")} within ${row.name}`}
            >
              <IconChevronRight
                size={14}
                className={classes.chevron}
                data-open={row.isOpen || undefined}
              />
            </button>
          )}
        </span>
      )}
      <RunDot color={color} />
      {isRenaming ? (
        <NameInput name={row.name} onDone={onRename} />
      ) : (
        <a
          href={`#/experiments/${row.experimentId}/runs/${row.id}`}
          className={classes.nameLink}
          title={row.name}
          tabIndex={-1}
        >
          {row.name}
        </a>
      )}
      {row.nBelow > 0 && <span className={classes.nChildren}>{formatCount(row.nBelow)}</span>}
    </>
  );
}

/** Takes a new name by Enter or when it is left; Escape keeps the old one. Both give the focus back to the row. */
function NameInput({ name, onDone }: { name: string; onDone: (name: string | null) => void }) {
  const [draft, setDraft] = useState(name);
  const isKept = useRef(false);

  return (
    <input
      className={classes.nameInput}
      aria-label={`New name of ${name}`}
      autoFocus
      value={draft}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => {
        const next = draft.trim();
        onDone(isKept.current || next === "" || next === name ? null : next);
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.preventDefault();
        isKept.current = event.key === "Escape";
        event.currentTarget.closest<HTMLElement>("[data-index]")?.focus();
      }}
    />
  );
}
