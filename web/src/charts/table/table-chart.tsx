import { formatPlural } from "@/lib/format";

import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import type { ChartProps } from "../define-chart";
import { useRunTables } from "../run-tables";
import { tableDiff, type DiffCell, type DiffRow } from "./diff";
import classes from "./table-chart.module.css";
import type { TableOptions } from ".";

const MAX_ROWS = 500;

/** The table of the second run shown that has it, against that of the first. */
export function TableChart({ title, scene, options, height }: ChartProps<TableOptions>) {
  const { tables, isPending, error, retry } = useRunTables(scene.runs, options.path);
  const [first, second] = tables;

  if (isPending) return <ChartWaiting height={height} />;
  if (error !== null) return <ChartFailed height={height} error={error} onRetry={retry} />;
  if (first === undefined || second === undefined) {
    return <ChartEmpty height={height}>Two of the runs shown must have {options.path}</ChartEmpty>;
  }
  const { columns, rows } = tableDiff(first.table, second.table, options.rowKey);
  const count = (kind: DiffRow["kind"]) => rows.filter((row) => row.kind === kind).length;
  const shown = options.isAll ? rows : rows.filter((row) => row.kind !== "same");
  return (
    // A region that scrolls must be reachable with the keyboard.
    <div className={classes.box} style={{ height }} role="region" aria-label={title} tabIndex={0}>
      <p className={classes.head}>
        <b>{first.run.name}</b> → <b>{second.run.name}</b>: {formatPlural(count("changed"), "row")}{" "}
        changed, {count("added")} added, {count("removed")} removed, {count("same")} the same
      </p>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{options.rowKey === "" ? "#" : options.rowKey}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, MAX_ROWS).map((row) => (
            <tr key={row.name} data-kind={row.kind}>
              <th scope="row">{row.name}</th>
              {row.cells.map((cell, at) => (
                <td key={columns[at]}>
                  <Cell cell={cell} kind={row.kind} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length > MAX_ROWS && (
        <p className={classes.head}>and {formatPlural(shown.length - MAX_ROWS, "more row")}</p>
      )}
    </div>
  );
}

function Cell({ cell: { before, after }, kind }: { cell: DiffCell; kind: DiffRow["kind"] }) {
  if (before === after || kind === "added") return after ?? "";
  if (kind === "removed") return before ?? "";
  return (
    <>
      <del>{before}</del> <ins>{after}</ins>
    </>
  );
}
