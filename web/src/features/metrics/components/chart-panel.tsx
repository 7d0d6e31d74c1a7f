import { useRef, useState } from "react";

import type { ChartHandle, Scene } from "@/charts/define-chart";
import { readOptions } from "@/charts/define-chart";
import type { LineOptions } from "@/charts/line";
import type { ChartSearch, PanelState } from "@/lib/panels";

import type { Panel } from "../panel-sections";
import { reportPanel } from "../report-panel";
import { DragHandle } from "./drag-handle";
import classes from "./metric-charts.module.css";
import { PanelMenu } from "./panel-menu";
import { ResizeHandle } from "./resize-handle";

interface ChartPanelProps {
  panel: Panel;
  scene: Scene;
  shared: Partial<LineOptions>;
  width: number;
  height: number;
  /** How far apart the grid's columns and rows are. */
  unit: { width: number; height: number; nColumns: number };
  /** Where it is among the panels of its section. */
  place: { at: number; n: number; section: string };
  onMove: (to: number) => void;
  onPanel: (id: string, change: Partial<PanelState>) => void;
  onSearch: (change: ChartSearch) => void;
  onRemove: () => void;
  onEdit: () => void;
}

const HEAD_HEIGHT = 32;

export function ChartPanel(props: ChartPanelProps) {
  const { panel, scene, shared, width, height, unit, place } = props;
  const { onMove, onPanel, onSearch, onRemove, onEdit } = props;
  const body = useRef<HTMLDivElement>(null);
  const [handle] = useState<ChartHandle>(() => ({}));

  return (
    <article
      className={classes.card}
      style={{ width, height }}
      aria-label={panel.title}
      data-panel={panel.id}
    >
      <header className={classes.cardHead}>
        <DragHandle title={panel.title} place={place} onMove={onMove} />
        <h3 className={classes.cardTitle} title={panel.title}>
          {panel.title}
        </h3>
        <PanelMenu
          panel={panel}
          body={body}
          handle={handle}
          asReport={() => reportPanel(panel, scene, shared)}
          onFull={() => onSearch({ panel: panel.id })}
          onEdit={onEdit}
          onRemove={onRemove}
          onReset={() =>
            onPanel(panel.id, {
              options: undefined,
              title: undefined,
              width: undefined,
              height: undefined,
              at: undefined,
            })
          }
        />
      </header>
      <div ref={body}>
        <PanelChart
          panel={panel}
          scene={scene}
          shared={shared}
          width={width - 2}
          height={height - HEAD_HEIGHT - 2}
          isFull={false}
          handle={handle}
          onPanel={onPanel}
        />
      </div>
      <ResizeHandle
        title={panel.title}
        unit={unit}
        size={{ width: Math.min(panel.width, unit.nColumns), height: panel.height }}
        onResize={(size) => onPanel(panel.id, size)}
      />
    </article>
  );
}

interface PanelChartProps {
  panel: Panel;
  scene: Scene;
  shared: Partial<LineOptions>;
  width: number;
  height: number;
  isFull: boolean;
  /** Filled by the chart. */
  handle: ChartHandle;
  onPanel: (id: string, change: Partial<PanelState>) => void;
}

/** The chart of a panel, with what the page and the panel set. */
export function PanelChart(props: PanelChartProps) {
  const { panel, scene, shared, width, height, isFull, handle, onPanel } = props;
  const { chart } = panel;
  const key = JSON.stringify([chart.title, shared, panel.options]);
  const [kept, setKept] = useState(() => ({
    key,
    options: readOptions(chart, shared, panel.options),
  }));
  // The same options stay the same object, so that a chart draws again only where they differ.
  const current =
    kept.key === key ? kept : { key, options: readOptions(chart, shared, panel.options) };
  if (current !== kept) setKept(current);
  const [onHandle] = useState(() => (given: ChartHandle) => void Object.assign(handle, given));

  return (
    <chart.Component
      title={panel.title}
      scene={scene}
      options={current.options}
      width={width}
      height={height}
      isFull={isFull}
      onHandle={onHandle}
      onOptions={(change) => {
        const options = { ...panel.options, ...change };
        const said = Object.fromEntries(
          Object.entries(options).filter(
            ([name, value]) =>
              value !== null &&
              !(name === "metrics" && panel.metric !== null && isOnly(value, panel)),
          ),
        );
        onPanel(panel.id, {
          options: Object.keys(said).length === 0 ? undefined : said,
        });
      }}
    />
  );
}

function isOnly(value: unknown, { metric }: Panel): boolean {
  return Array.isArray(value) && value.length === 1 && value[0] === metric;
}
