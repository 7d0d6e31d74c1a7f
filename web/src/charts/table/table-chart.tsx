import { useEffect, useMemo } from "react";

import { csvText } from "@/lib/csv";
import { formatNumber, formatPlural } from "@/lib/format";

import { RunChoice } from "../chart-caption";
import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import type { ChartProps } from "../define-chart";
import { tableRequests, useRunTables, type RunTable } from "../run-tables";
import { tableDiff, type DiffCell, type DiffRow, type TableDiff } from "./diff";
import classes from "./table-chart.module.css";
import type { TableOptions } from ".";

const MAX_ROWS = 500;

/** The table of one run against that of another. */
export function TableChart(props: ChartProps<TableOptions>) {
  const { title, scene, options, height, onOptions, onHandle } = props;
  const { tables, isPending, error, retry } = useRunTables(scene.runs, options.path);
  const [first, second] = pairOf(tables, options);
  const [before, after] = [first?.table, second?.table];
  const diff = useMemo(
    () =>
      before === undefined || after === undefined
        ? { columns: [], rows: [] }
        : tableDiff(before, after, options.rowKey),
    [before, after, options.rowKey],
  );
  useEffect(
    () =>
      onHandle({
        csv: () => diffCsv(diff, options.rowKey),
        query: () =>
          tableRequests(
            [first, second].flatMap((one) => one ?? []),
            options.path,
          ),
      }),
    [diff, first, second, options.rowKey, options.path, onHandle],
  );

  if (isPending) return <ChartWaiting height={height} />;
  if (error !== null) return <ChartFailed height={height} error={error} onRetry={retry} />;
  if (first === undefined || second === undefined) {
    return <ChartEmpty height={height}>Two of the runs shown must have {options.path}</ChartEmpty>;
  }
  const { columns, rows } = diff;
  const runs = tables.map(({ run }) => run);
  const count = (kind: DiffRow["kind"]) => rows.filter((row) => row.kind === kind).length;
  const shown = options.isAll ? rows : rows.filter((row) => row.kind !== "same");
  return (
    // A region that scrolls must be reachable with the keyboard.
    <div className={classes.box} style={{ height }} role="region" aria-label={title} tabIndex={0}>
      <div className={classes.head}>
        <RunChoice
          label="Before"
          run={first.run}
          runs={runs}
          onRun={(run) => onOptions({ before: run })}
        />
        →
        <RunChoice
          label="After"
          run={second.run}
          runs={runs}
          onRun={(run) => onOptions({ after: run })}
        />
        <p>
          {formatPlural(count("changed"), "row")} changed, {count("added")} added,{" "}
          {count("removed")} removed, {count("same")} the same
        </p>
      </div>
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
        <p className={classes.more}>and {formatPlural(shown.length - MAX_ROWS, "more row")}</p>
      )}
    </div>
  );
}

function Cell({ cell: { before, after }, kind }: { cell: DiffCell; kind: DiffRow["kind"] }) {
  if (before === after || kind === "added") return <Value text={after} />;
  if (kind === "removed") return <Value text={before} />;
  return (
    <>
      <del>
        <Value text={before} />
      </del>{" "}
      <ins>
        <Value text={after} />
      </ins>
    </>
  );
}

const FRACTION = /^-?\d*\.\d+(e[+-]?\d+)?$/i;

/** Text as it is, a fraction in as many digits as other tables show. */
function Value({ text }: { text: string | null }) {
  if (text === null || !FRACTION.test(text)) return text;
  return <span title={text}>{formatNumber(Number(text))}</span>;
}

/** The two tables that are named, else the first two. */
function pairOf(
  tables: readonly RunTable[],
  { before, after }: TableOptions,
): [RunTable?, RunTable?] {
  const first = tables.find(({ run }) => run.id === before) ?? tables[0];
  const second =
    tables.find((one) => one.run.id === after && one !== first) ??
    tables.find((one) => one !== first);
  return [first, second];
}

function diffCsv({ columns, rows }: TableDiff, rowKey: string): string {
  const head = columns.flatMap((column) => [`${column} before`, `${column} after`]);
  return csvText([
    [rowKey === "" ? "#" : rowKey, "change", ...head],
    ...rows.map(({ name, kind, cells }) => [
      name,
      kind,
      ...cells.flatMap(({ before, after }) => [before, after]),
    ]),
  ]);
}
