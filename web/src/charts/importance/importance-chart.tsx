import { useEffect, useState } from "react";

import type { RunValues } from "@/api/run-values";
import { csvText } from "@/lib/csv";
import { identifier } from "@/lib/filter-text";
import { formatNumber, formatPlural } from "@/lib/format";
import { fieldTitle } from "@/lib/run-fields";

import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import type { ChartProps } from "../define-chart";
import { useFields, useRunPoints } from "../run-points";
import classes from "./importance-chart.module.css";
import type { Asked } from "./importance-worker";
import { FEWEST_RUNS, type Measured } from "./measure";
import type { ImportanceOptions } from ".";

const MAX_PARAMS = 40;
/** More say the same and take longer. */
const MAX_RUNS = 2000;

/** Params by what they tell of a metric, over the runs of the table. */
export function ImportanceChart(props: ChartProps<ImportanceOptions>) {
  const { title, scene, options, height, onHandle } = props;
  const params = scene.columns.params.slice(0, MAX_PARAMS).map((key) => identifier("params", key));
  const fields = useFields(options.target, ...params);
  const query = useRunPoints(scene, options.target === "" ? [] : fields, MAX_RUNS, onHandle);
  const { measured, error } = useMeasured(query.data, options.target);

  useEffect(() => {
    if (measured === null) return;
    const rows = measured.params.map(({ field, importance, correlation }) => [
      fieldTitle(field),
      importance,
      correlation,
    ]);
    onHandle({ csv: () => csvText([["param", "importance", "correlation"], ...rows]) });
  }, [measured, onHandle]);

  if (options.target === "")
    return <ChartEmpty height={height}>Choose a metric to explain</ChartEmpty>;
  if (query.isError) {
    return <ChartFailed height={height} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (error !== null) return <ChartEmpty height={height}>{error}</ChartEmpty>;
  if (measured === null) return <ChartWaiting height={height} />;
  if (measured.nRuns < FEWEST_RUNS) {
    return (
      <ChartEmpty height={height}>
        {formatPlural(measured.nRuns, "run has", "runs have")} this metric; {FEWEST_RUNS} are needed
      </ChartEmpty>
    );
  }
  if (measured.params.length === 0) {
    return <ChartEmpty height={height}>No param differs between these runs</ChartEmpty>;
  }
  return (
    // A region that scrolls must be reachable with the keyboard.
    <div className={classes.box} style={{ height }} role="region" aria-label={title} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Param</th>
            <th scope="col" title="Permutation importance of a random forest, as shares of all">
              Importance
            </th>
            <th scope="col" title="Spearman's rank correlation with the metric">
              Correlation
            </th>
          </tr>
        </thead>
        <tbody>
          {measured.params.map(({ field, importance, correlation }) => (
            <tr key={field}>
              <th scope="row" title={fieldTitle(field)}>
                {fieldTitle(field)}
              </th>
              <td>
                <span className={classes.track}>
                  <i style={{ width: `${100 * importance}%` }} />
                </span>
                <b>{formatNumber(Number(importance.toFixed(3)))}</b>
              </td>
              <td>
                <Correlation value={correlation} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.foot}>Over {formatPlural(measured.nRuns, "run")}, by a random forest</p>
    </div>
  );
}

function Correlation({ value }: { value: number }) {
  if (Number.isNaN(value)) return <b title="Categories have no order">–</b>;
  const half = 50 * Math.abs(value);
  return (
    <>
      <span className={classes.track} data-centered>
        <i
          data-negative={value < 0 || undefined}
          style={{ width: `${half}%`, left: value < 0 ? `${50 - half}%` : "50%" }}
        />
      </span>
      <b>{formatNumber(Number(value.toFixed(2)))}</b>
    </>
  );
}

interface State {
  values: RunValues | undefined;
  target: string;
  measured: Measured | null;
  error: string | null;
}

/** Measured in a worker: a forest over 2,000 runs takes a second. */
function useMeasured(values: RunValues | undefined, target: string) {
  const [state, setState] = useState<State>({ values, target, measured: null, error: null });

  useEffect(() => {
    if (values === undefined || target === "") return;
    const worker = new Worker(new URL("importance-worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Measured>) => {
      setState({ values, target, measured: data, error: null });
      worker.terminate();
    });
    worker.addEventListener("error", ({ message }) => {
      setState({ values, target, measured: null, error: message });
    });
    const asked: Asked = { values, target };
    worker.postMessage(asked, []);
    return () => worker.terminate();
  }, [values, target]);

  // The numbers of the runs before stay until those of the new ones are there.
  return state.target === target ? state : { measured: null, error: null };
}
