import { IconChevronRight } from "@tabler/icons-react";

import type { Summary } from "@/api/run-groups";
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatNumberInFull,
  formatPlural,
} from "@/lib/format";
import { RunDot } from "@/components/run-dot";
import type { RunColor } from "@/lib/run-colors";
import type { RunColumn } from "@/lib/run-columns";
import { fieldTitle } from "@/lib/run-fields";

import { numberField, type GroupHead } from "../use-run-groups";
import classes from "./runs-table.module.css";

interface GroupNameCellProps {
  head: GroupHead;
  groupBy: readonly string[];
  /** Of its curve in the charts. */
  color: RunColor | undefined;
}

/** What the runs of a group share, and how many they are. */
export function GroupNameCell({ head, groupBy, color }: GroupNameCellProps) {
  const { group, isOpen } = head;
  const titles = groupBy.map(fieldTitle);
  const name = group.values.map((value, at) => `${titles[at]}: ${value ?? "none"}`);

  return (
    <>
      <button
        type="button"
        tabIndex={-1}
        className={classes.toggle}
        data-act="group"
        aria-expanded={isOpen}
        aria-label={`${isOpen ? "Hide" : "Show"} the ${formatPlural(group.nRuns, "run")} of ${name.join(", ")}`}
      >
        <IconChevronRight size={14} className={classes.chevron} data-open={isOpen || undefined} />
      </button>
      <RunDot color={color} />
      <span className={classes.groupName} title={name.join(", ")}>
        {group.values.map((value, at) => (
          <span key={groupBy[at]}>
            <span className={classes.groupKey}>{titles[at]}</span>
            <span>{value ?? <i className={classes.groupKey}>none</i>}</span>
          </span>
        ))}
      </span>
      <span className={classes.nChildren} title={formatPlural(group.nRuns, "run")}>
        {formatCount(group.nRuns)}
      </span>
    </>
  );
}

/** The mean of a number over the runs of a group, with its spread. */
export function GroupCell({ head, column }: { head: GroupHead; column: RunColumn }) {
  const field = numberField(column);
  const summary = field === "" ? undefined : head.group.numbers[field];
  if (summary === undefined || summary.mean === null) return null;
  const format = column.kind === "attributes" ? formatDuration : formatNumber;

  return (
    <span title={inFull(summary)}>
      {format(summary.mean)}
      {summary.std !== null && <span className={classes.spread}> ± {format(summary.std)}</span>}
    </span>
  );
}

function inFull({ count, mean, std, min, max }: Summary): string {
  const facts: [string, number | null][] = [
    ["mean", mean],
    ["std", std],
    ["min", min],
    ["max", max],
  ];
  return [
    ...facts.flatMap(([name, value]) =>
      value === null ? [] : [`${name} ${formatNumberInFull(value)}`],
    ),
    `of ${formatPlural(count, "run")}`,
  ].join("\n");
}
