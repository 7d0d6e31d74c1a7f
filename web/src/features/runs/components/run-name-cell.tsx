import { Checkbox } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import type { Run } from "@/api/runs";
import { RunDot } from "@/components/run-dot";
import { formatCount, formatPlural } from "@/lib/format";
import type { RunColor } from "@/lib/run-colors";
import type { RunNode } from "@/lib/run-tree";

import classes from "./runs-table.module.css";

interface RunNameCellProps {
  node: RunNode<Run>;
  color: RunColor | undefined;
  isSelected: boolean;
  isTree: boolean;
  onSelect: () => void;
  onToggle: () => void;
}

const INDENT = 18;

export function RunNameCell({
  node,
  color,
  isSelected,
  isTree,
  onSelect,
  onToggle,
}: RunNameCellProps) {
  const { run, depth, nDescendants, isOpen } = node;

  return (
    <>
      <Checkbox
        size="xs"
        tabIndex={-1}
        aria-label={`Select ${run.name}`}
        checked={isSelected}
        onChange={onSelect}
      />
      {isTree && (
        <span className={classes.indent} style={{ width: (depth + 1) * INDENT }}>
          {nDescendants > 0 && (
            <button
              type="button"
              tabIndex={-1}
              className={classes.toggle}
              aria-label={`${isOpen ? "Hide" : "Show"} the ${formatPlural(nDescendants, "run")} within ${run.name}`}
              onClick={onToggle}
            >
              <IconChevronRight
                size={14}
                className={classes.chevron}
                data-open={isOpen || undefined}
              />
            </button>
          )}
        </span>
      )}
      <RunDot color={color} />
      <Link
        to="/experiments/$experimentId/runs/$runId"
        params={{ experimentId: run.experimentId, runId: run.id }}
        className={classes.nameLink}
        title={run.name}
        tabIndex={-1}
      >
        {run.name}
      </Link>
      {nDescendants > 0 && <span className={classes.nChildren}>{formatCount(nDescendants)}</span>}
    </>
  );
}
