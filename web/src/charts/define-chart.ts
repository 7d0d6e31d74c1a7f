import type { ComponentType } from "react";

import type { RunColumns } from "@/api/runs";
import type { RunsSource } from "@/api/run-values";
import type { RunColor } from "@/lib/run-colors";

import type { Hover } from "./hover";

/** A run as charts know it. */
export interface ChartRun {
  id: string;
  name: string;
  /** ms since the epoch; elapsed time counts from here. */
  startTime: number;
  color: RunColor;
  /** The run's own text of a field such as `params.lr`, null where it lacks it. */
  textOf?: (field: string) => string | null;
}

/** What the charts of a page are about. */
export interface Scene {
  /** The runs to draw one by one, those that somebody left out aside. */
  runs: readonly ChartRun[];
  /** Whether somebody chose these; else they are the first of the table. */
  isChosen?: boolean;
  /** The runs of the table, for charts over many. */
  source: RunsSource;
  /** Names of what these runs logged, to choose from. */
  columns: RunColumns;
  hover: Hover;
  /** The colours of groups by their labels, where a table beside the charts has the same groups. */
  groupColors?: ReadonlyMap<string, RunColor>;
  /** Selects runs in the table, where there is one. */
  onSelect?: (runIds: readonly string[]) => void;
  /** Opens a run's page. */
  onOpenRun?: (runId: string) => void;
}

/** A request to the server: with a body it is a POST, without one a GET. */
export interface ChartQuery {
  path: string;
  body?: object;
}

/** What a chart gives to the menu of its panel. */
export interface ChartHandle {
  /** What is drawn, as a table. */
  csv?: () => string;
  /** The requests that it is drawn from. */
  query?: () => readonly ChartQuery[];
}

export interface ChartProps<Options> {
  title: string;
  scene: Scene;
  options: Options;
  width: number;
  height: number;
  /** True in full screen, where a chart may say more. */
  isFull: boolean;
  onOptions: (change: Partial<Options>) => void;
  onHandle: (handle: ChartHandle) => void;
}

interface Labelled {
  label: string;
  hint?: string;
}

/** How a person sets an option. */
export type OptionField = Labelled &
  (
    | { kind: "metric" | "metrics" }
    | { kind: "field" | "fields"; of: "numbers" | "texts" | "all" }
    | { kind: "choice"; choices: readonly { value: string; label: string }[] }
    | { kind: "number"; least: number; most: number; step: number }
    | { kind: "switch" }
    | { kind: "text" | "long text" }
  );

/** Options are plain JSON: links and saved views keep them. */
export interface Chart<Options> {
  title: string;
  description: string;
  defaults: Options;
  /** In the order of the form; an option without a field is set in the chart itself. */
  fields: Partial<Record<keyof Options, OptionField>>;
  /** True where the runs of the legend are drawn one by one, or what they logged. */
  isOfRuns?: true;
  /** How large a new panel is, in columns and rows; one of each where unsaid. */
  size?: { width: number; height: number };
  /** A panel's title where nobody gave one. */
  titleOf: (options: Options) => string;
  Component: ComponentType<ChartProps<Options>>;
}

export function defineChart<Options extends object>(chart: Chart<Options>): Chart<Options> {
  return chart;
}

/** Options as a link says them: what has another type than the default is left out. */
export function readOptions<Options extends object>(
  chart: Chart<Options>,
  ...given: readonly (object | undefined)[]
): Options {
  const options = { ...chart.defaults } as Record<string, unknown>;
  for (const source of given) {
    for (const [name, value] of Object.entries(source ?? {})) {
      if (name in chart.defaults && isLike(value, options[name])) options[name] = value;
    }
  }
  return options as Options;
}

function isLike(value: unknown, known: unknown): boolean {
  if (value === null || value === undefined) return known === null;
  if (known === null) return typeof value === "object";
  return typeof value === typeof known && Array.isArray(value) === Array.isArray(known);
}
