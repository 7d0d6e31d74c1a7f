import { useMemo } from "react";

import { useRunColors } from "@/components/run-colors";
import { linearTicks, logTicks } from "@/lib/axis-ticks";
import { formatDuration, formatNumber, formatNumberInFull, formatTime } from "@/lib/format";
import { panelCurves, type Bounds } from "@/lib/panel-curves";
import type { PanelData } from "@/lib/panel-data";
import { isShared, type PanelSpec } from "@/lib/report-text";
import { runColorVariable } from "@/lib/run-colors";

import classes from "./figures.module.css";
import { GroupsOfPanel, RunsOfPanel } from "./panel-tables";
import { Picture } from "./picture";
import { RunLink } from "./run-link";

interface FigureProps {
  spec: PanelSpec;
  data: PanelData;
}

const WIDTH = 720;
const HEIGHT = 260;
const LEFT = 56;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 26;

/** What a panel shows, in marks that need no script: the same on the page and in an exported file. */
export function Figure({ spec, data }: FigureProps) {
  if (data.picture !== undefined) return <Picture blocks={data.picture} />;
  if (data.groups !== undefined && data.groups.length > 0) {
    return <GroupsOfPanel spec={spec} groups={data.groups} />;
  }
  if (data.runs.length === 0 && !isShared(spec)) {
    return <p className={classes.empty}>No run of {spec.experiment} matches.</p>;
  }
  switch (spec.chart) {
    case "line":
      return <Lines spec={spec} data={data} />;
    case "bar":
      return <Bars spec={spec} data={data} />;
    case "table":
      return <RunsOfPanel spec={spec} runs={data.runs} />;
    default:
      return <p className={classes.empty}>This version was pinned without this chart.</p>;
  }
}

function Lines({ spec, data }: FigureProps) {
  const found = useMemo(() => panelCurves(spec, data), [spec, data]);
  const colors = useRunColors(data.runs);
  if (found === null) {
    return <p className={classes.empty}>None of these runs has {spec.metric}.</p>;
  }
  const { curves, x, y } = found;
  const across = scale(x, LEFT, WIDTH - RIGHT, false);
  const up = scale(y, HEIGHT - BOTTOM, TOP, spec.log);
  const runs = new Map(data.runs.map((run) => [run.id, run]));
  const colorOf = (runId: string) => runColorVariable(colors.get(runId));

  return (
    <>
      <svg
        className={classes.plot}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${spec.metric}: curves of ${curves.length} runs`}
      >
        {(spec.log ? logTicks(y.low, y.high) : linearTicks(y.low, y.high, 5)).map((tick) => (
          <g key={tick}>
            <line
              className={classes.grid}
              x1={LEFT}
              x2={WIDTH - RIGHT}
              y1={up(tick)}
              y2={up(tick)}
            />
            <text x={LEFT - 8} y={up(tick) + 4} textAnchor="end">
              {formatNumber(tick)}
            </text>
          </g>
        ))}
        {linearTicks(x.low, x.high, 6).map((tick) => (
          <text key={tick} x={across(tick)} y={HEIGHT - 8} textAnchor="middle">
            {xLabel(tick, spec)}
          </text>
        ))}
        {curves.map(({ runId, stretches }) => (
          <g key={runId} fill="none" stroke={colorOf(runId)} strokeWidth={1.6}>
            <title>{runs.get(runId)?.name}</title>
            {stretches.map((points) =>
              points.length === 1 ? (
                <circle
                  key={points[0]?.[0]}
                  cx={across(points[0]?.[0] ?? 0)}
                  cy={up(points[0]?.[1] ?? 0)}
                  r={2}
                />
              ) : (
                <path
                  key={points[0]?.[0]}
                  d={`M${points.map(([px, py]) => `${across(px).toFixed(1)},${up(py).toFixed(1)}`).join("L")}`}
                />
              ),
            )}
          </g>
        ))}
      </svg>
      <ul className={classes.legend}>
        {curves.map(({ runId, last }) => {
          const run = runs.get(runId);
          return (
            <li key={runId}>
              <span className={classes.swatch} style={{ background: colorOf(runId) }} />
              {run !== undefined && <RunLink run={run} />}
              <span className={classes.value}>{formatNumber(last)}</span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Bars({ spec, data }: FigureProps) {
  const colors = useRunColors(data.runs);
  const values = data.runs.map((run) => run.metrics[spec.metric] ?? Number.NaN);
  const most = Math.max(...values.filter(Number.isFinite).map(Math.abs), Number.MIN_VALUE);

  return (
    <div
      className={classes.bars}
      role="table"
      aria-label={`${spec.metric} of ${data.runs.length} runs`}
    >
      {data.runs.map((run, at) => {
        const value = values[at] ?? Number.NaN;
        const share = Number.isFinite(value) ? Math.abs(value) / most : 0;
        return (
          <div key={run.id} role="row" style={{ display: "contents" }}>
            <span role="cell">
              <RunLink run={run} />
            </span>
            <span role="cell" className={classes.track}>
              <span
                className={classes.fill}
                style={{
                  width: `${100 * share}%`,
                  background: runColorVariable(colors.get(run.id)),
                }}
              />
            </span>
            <span role="cell" title={formatNumberInFull(value)}>
              {spec.metric in run.metrics ? formatNumber(value) : "–"}
            </span>
          </div>
        );
      })}
    </div>
  );
}

function scale({ low, high }: Bounds, from: number, to: number, isLog: boolean) {
  const place = (value: number) => (isLog ? Math.log10(value) : value);
  const [start, end] = [place(low), place(high)];
  return (value: number) =>
    end > start ? from + ((place(value) - start) / (end - start)) * (to - from) : (from + to) / 2;
}

function xLabel(value: number, { x }: PanelSpec): string {
  if (x === "time") return formatTime(value).slice(5, 16);
  return x === "elapsed" ? formatDuration(value * 1000) : formatNumber(value);
}
