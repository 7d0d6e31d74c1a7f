import type { ReactNode } from "react";

import type { TableRow } from "@/api/run-rows";
import { Age } from "@/components/age";
import { Duration } from "@/components/duration";
import { StatusBadge } from "@/components/status-badge";
import { formatNumber, formatNumberInFull } from "@/lib/format";
import type { RunColumn } from "@/lib/run-columns";

import { CurveCell } from "./curve-cell";
import { ExperimentName } from "./experiment-name";

interface CellContent {
  content: ReactNode;
  /** What a person reads who points at it. */
  title?: string | undefined;
  isNumeric: boolean;
}

const NOTHING: CellContent = { content: null, isNumeric: false };

/**
 * The content of one cell of the runs table.
 *
 * Most are plain texts, and no components: hundreds of them come into view with each frame of scrolling.
 */
export function cellContent(
  row: TableRow,
  column: RunColumn,
  peers: readonly string[],
): CellContent {
  const { kind, key, shown, field } = column;
  if (shown === "curve") {
    return { content: <CurveCell runId={row.id} metric={key} peers={peers} />, isNumeric: false };
  }
  const value = field === null ? undefined : row.cells[field];
  if (kind === "attributes") return attributeContent(row, key, value?.toString());
  if (value === undefined) return NOTHING;
  if (typeof value === "number") {
    return { content: formatNumber(value), title: formatNumberInFull(value), isNumeric: true };
  }
  return { content: value, title: value, isNumeric: false };
}

function attributeContent(row: TableRow, key: string, text: string | undefined): CellContent {
  switch (key) {
    case "experiment":
      return { content: <ExperimentName experimentId={row.experimentId} />, isNumeric: false };
    case "status":
      return { content: <StatusBadge status={row.status} />, isNumeric: false };
    case "start_time":
      return { content: <Age time={row.startTime} />, isNumeric: false };
    case "duration":
      return {
        content: <Duration startTime={row.startTime} endTime={row.endTime} />,
        isNumeric: false,
      };
    case "user":
      return { content: text ?? row.user, title: text ?? row.user, isNumeric: false };
    case "commit":
      return { content: text?.slice(0, 7), title: text, isNumeric: false };
    default:
      return { content: text, title: text, isNumeric: false };
  }
}
