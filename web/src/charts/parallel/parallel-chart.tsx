import { useMemo, useRef, useState, type ReactNode } from "react";

import { MAX_VALUE_RUNS, type RunValues } from "@/api/run-values";
import { sequentialRgb, tokenRgb } from "@/components/plot/tokens";
import { useLook } from "@/components/plot/use-look";
import { formatCount } from "@/lib/format";
import { fieldTitle } from "@/lib/run-fields";
import { N_RUN_COLORS } from "@/lib/run-colors";

import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import { ColorKey } from "../color-key";
import { valueColors } from "../colors-of-values";
import type { ChartProps } from "../define-chart";
import { columnOf, columnScale, useFields, useRunPoints, valueText } from "../run-points";
import { ValueTooltip } from "../value-tooltip";
import { axesOf, chosenRuns, nearestRun, type Axis } from "./axes";
import { AxisBrush } from "./axis-brush";
import classes from "./parallel-chart.module.css";
import { FEW_LINES, type RasterLines } from "./raster";
import { useRaster } from "./use-raster";
import type { ParallelOptions } from ".";

const HEAD = 34;
const FOOT = 24;
const RIGHT = 40;
const CHARACTER = 6.2;
/** A link holds the ids of the runs that are selected. */
const MAX_SELECTED = 500;

/** A line for each run of the table over several of its fields. */
export function ParallelChart(props: ChartProps<ParallelOptions>) {
  const { scene, options, height, onHandle } = props;
  const color = options.color === "" ? (options.fields.at(-1) ?? "") : options.color;
  const fields = useFields(...options.fields, color);
  const query = useRunPoints(scene, fields, MAX_VALUE_RUNS, onHandle);

  if (options.fields.length < 2) {
    return <ChartEmpty height={height}>Choose two or more axes</ChartEmpty>;
  }
  if (query.isPending) return <ChartWaiting height={height} />;
  if (query.isError) {
    return <ChartFailed height={height} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.runIds.length === 0) return <ChartEmpty height={height}>No runs match</ChartEmpty>;
  return <Lines {...props} values={query.data} color={color} />;
}

interface LinesProps extends ChartProps<ParallelOptions> {
  values: RunValues;
  color: string;
}

function Lines({ title, scene, options, width, height, values, color, onOptions }: LinesProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [draft, setDraft] = useState(options.brushes);
  const [known, setKnown] = useState(options.brushes);
  if (known !== options.brushes) {
    setKnown(options.brushes);
    setDraft(options.brushes);
  }
  const [near, setNear] = useState<{ row: number; left: number; top: number } | null>(null);

  const axes = useMemo(
    () => axesOf(values, options.fields, options.log),
    [values, options.fields, options.log],
  );
  const side = useMemo(() => sideFor(axes[0]), [axes]);
  const inner = {
    width: Math.max(60, width - side - RIGHT),
    height: Math.max(40, height - HEAD - FOOT - 12),
  };
  const places = useMemo(
    () => axes.map((_, at) => (at * inner.width) / Math.max(1, axes.length - 1)),
    [axes, inner.width],
  );
  const isChosen = useMemo(() => chosenRuns(axes, draft), [axes, draft]);
  const nChosen = isChosen === null ? values.runIds.length : sum(isChosen);
  const lines = useLines(values, axes, color);
  const size = useMemo(() => {
    // Sharper than the screen's pixels is slower, and of many lines nobody sees it.
    const ratio = values.runIds.length > 2000 ? 1 : Math.min(2, window.devicePixelRatio);
    return {
      width: Math.round(inner.width * ratio) + 1,
      height: Math.round(inner.height * ratio),
      places: places.map((place) => place * ratio),
      thickness: values.runIds.length > FEW_LINES ? 1 : 2 * ratio,
    };
  }, [inner.width, inner.height, places, values.runIds.length]);
  // The page follows a brush once its lines are drawn: a table and an address take longer than they.
  const whenDrawn = useRef<(() => void) | null>(null);
  useRaster(canvas, lines, size, isChosen, () => {
    const follow = whenDrawn.current;
    whenDrawn.current = null;
    if (follow !== null) requestAnimationFrame(() => setTimeout(follow));
  });
  const colors = useMemo(
    () => valueColors(columnOf(values, color), values.runIds.length).key,
    [values, color],
  );

  const brush = (field: string, next: number[] | null, isDone: boolean) => {
    const { [field]: _, ...others } = draft;
    const brushes = next === null ? others : { ...others, [field]: next };
    setDraft(brushes);
    if (!isDone) return;
    whenDrawn.current = () => {
      onOptions({ brushes });
      const chosen = chosenRuns(axes, brushes);
      const ids = chosen === null ? [] : values.runIds.filter((_id, at) => chosen[at] === 1);
      if (ids.length <= MAX_SELECTED) scene.onSelect?.(ids);
    };
  };
  const run = near === null ? undefined : values.runIds[near.row];

  return (
    <div className={classes.chart}>
      <div style={{ position: "relative", width, height: height - FOOT }} data-plot>
        <canvas
          ref={canvas}
          data-drawn={0}
          className={classes.inside}
          style={{ left: side, top: HEAD, ...inner }}
          aria-hidden="true"
        />
        <AxesSvg
          axes={axes}
          places={places}
          side={side}
          width={width}
          height={height - FOOT}
          inner={inner.height}
        />
        <div
          className={classes.surface}
          style={{ left: side, top: HEAD, ...inner }}
          role="img"
          aria-label={`${title}: ${formatCount(values.runIds.length)} runs, ${formatCount(nChosen)} chosen`}
          data-not-saved
          onPointerMove={(event) => {
            const bounds = event.currentTarget.getBoundingClientRect();
            const [left, top] = [event.clientX - bounds.left, event.clientY - bounds.top];
            const place = (left / inner.width) * (axes.length - 1);
            const row = nearestRun(axes, place, 1 - top / inner.height, isChosen);
            setNear(row < 0 ? null : { row, left, top });
          }}
          onPointerLeave={() => setNear(null)}
          onPointerUp={() => run !== undefined && scene.onOpenRun?.(run)}
        />
        <div
          className={classes.inside}
          style={{ left: side, top: HEAD, width: 0, height: 0 }}
          data-not-saved
        >
          {axes.map((axis, at) => (
            <AxisBrush
              key={axis.column.field}
              axis={axis}
              left={places[at] ?? 0}
              height={inner.height}
              brush={draft[axis.column.field]}
              onBrush={(next, isDone) => brush(axis.column.field, next, isDone)}
            />
          ))}
          {near !== null && run !== undefined && (
            <>
              <NearLine axes={axes} places={places} inner={inner} row={near.row} />
              <ValueTooltip
                area={inner}
                left={near.left}
                top={near.top}
                title={values.names[near.row] ?? run}
                rows={values.columns.map((column) => [
                  fieldTitle(column.field),
                  valueText(column, near.row),
                ])}
              />
            </>
          )}
        </div>
      </div>
      <Foot
        values={values}
        nChosen={nChosen}
        isBrushed={isChosen !== null}
        canSelect={scene.onSelect !== undefined}
        onClear={() => {
          onOptions({ brushes: {} });
          scene.onSelect?.([]);
        }}
      >
        <ColorKey field={color} colors={colors} />
      </Foot>
    </div>
  );
}

interface FootProps {
  values: RunValues;
  nChosen: number;
  isBrushed: boolean;
  canSelect: boolean;
  onClear: () => void;
  children: ReactNode;
}

function Foot({ values, nChosen, isBrushed, canSelect, onClear, children }: FootProps) {
  const n = values.runIds.length;
  return (
    <div className={classes.foot}>
      <span>
        {isBrushed ? `${formatCount(nChosen)} of ${formatCount(n)} runs` : `${formatCount(n)} runs`}
        {n < values.nMatching && `, the first of ${formatCount(values.nMatching)}`}
        {isBrushed && canSelect && nChosen > MAX_SELECTED && (
          <>; narrow down to {MAX_SELECTED} to select them in the table</>
        )}
      </span>
      {isBrushed && (
        <button type="button" onClick={onClear}>
          Clear
        </button>
      )}
      {children}
    </div>
  );
}

/** Lines with a colour each: categories have those of runs, numbers a place on the sequential palette. */
function useLines(values: RunValues, axes: readonly Axis[], color: string): RasterLines {
  const look = useLook();
  return useMemo(() => {
    const column = columnOf(values, color);
    const n = values.runIds.length;
    const categories = column?.categories ?? null;
    const scale = column === undefined ? null : columnScale(column, false, 0);
    const tint = Float32Array.from({ length: n }, (_, at) => {
      const value = column?.numbers[at] ?? Number.NaN;
      if (Number.isNaN(value)) return 0;
      if (categories !== null) return (value % N_RUN_COLORS) / (N_RUN_COLORS - 1);
      return Math.min(1, Math.max(0, scale?.at(value) ?? 0));
    });
    const palette = new Uint8Array(768);
    const runColors = Array.from({ length: N_RUN_COLORS }, (_, at) => tokenRgb(`--run-${at}`));
    for (let at = 0; at < 256; at += 1) {
      const category = runColors[Math.round((at / 255) * (N_RUN_COLORS - 1))];
      palette.set(categories === null ? sequentialRgb(at / 255) : (category ?? [0, 0, 0]), 3 * at);
    }
    const heights = axes.map((axis) => axis.heights);
    return { axes: heights, tint, palette, faint: tokenRgb("--text-faint") };
    // The colours are tokens of the look.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [values, axes, color, look]);
}

interface AxesSvgProps {
  axes: readonly Axis[];
  places: readonly number[];
  side: number;
  width: number;
  height: number;
  inner: number;
}

const LONGEST = 14;

/** The room that the labels of the first axis need. */
function sideFor(axis: Axis | undefined): number {
  const labels = axis?.scale.ticks(8).map(({ label }) => Math.min(LONGEST, label.length)) ?? [];
  return 14 + CHARACTER * Math.max(4, ...labels);
}

function AxesSvg({ axes, places, side, width, height, inner }: AxesSvgProps) {
  return (
    <svg className={classes.axes} width={width} height={height} aria-hidden="true" fontSize="11">
      <g transform={`translate(${side} ${HEAD})`}>
        {axes.map(({ column, scale }, at) => {
          const left = places[at] ?? 0;
          const title = fieldTitle(column.field);
          return (
            <g key={column.field} transform={`translate(${left} 0)`}>
              <text
                y={at % 2 === 0 ? -10 : -22}
                textAnchor="middle"
                fill="var(--text)"
                fontWeight="500"
              >
                {title.length > 20 ? `${title.slice(0, 19)}…` : title}
              </text>
              <path d={`M0.5 0V${inner}`} stroke="var(--text-faint)" fill="none" />
              {scale.ticks(Math.max(2, Math.floor(inner / 36))).map((tick) => {
                const y = (1 - scale.at(tick.value)) * inner;
                return (
                  <g key={tick.value} transform={`translate(0 ${y})`}>
                    <path d="M-3 0H0" stroke="var(--text-faint)" />
                    <text
                      x={-6}
                      y={3.5}
                      textAnchor="end"
                      fill="var(--text-soft)"
                      stroke="var(--surface-raised)"
                      strokeWidth="3"
                      paintOrder="stroke"
                    >
                      {tick.label.length > LONGEST
                        ? `${tick.label.slice(0, LONGEST - 1)}…`
                        : tick.label}
                    </text>
                  </g>
                );
              })}
            </g>
          );
        })}
      </g>
    </svg>
  );
}

interface NearLineProps {
  axes: readonly Axis[];
  places: readonly number[];
  inner: { width: number; height: number };
  row: number;
}

function NearLine({ axes, places, inner, row }: NearLineProps) {
  const points = axes.flatMap(({ heights }, at) => {
    const height = heights[row] ?? Number.NaN;
    return Number.isNaN(height) ? [] : [`${places[at] ?? 0},${(1 - height) * inner.height}`];
  });
  return (
    <svg
      width={inner.width}
      height={inner.height}
      style={{ position: "absolute", overflow: "visible", pointerEvents: "none" }}
      aria-hidden="true"
    >
      <polyline points={points.join(" ")} fill="none" stroke="var(--surface)" strokeWidth="5" />
      <polyline points={points.join(" ")} fill="none" stroke="var(--text)" strokeWidth="2" />
    </svg>
  );
}

function sum(values: Uint8Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
