import { Button } from "@mantine/core";
import { useState } from "react";

import type { ChartRun } from "@/charts/define-chart";
import type { Hover } from "@/charts/hover";
import { RunDot } from "@/components/run-dot";
import { SearchInput } from "@/components/search-input";
import { formatPlural } from "@/lib/format";
import type { ChartSearch } from "@/lib/panels";

import classes from "./metric-charts.module.css";

interface LegendProps {
  runs: readonly ChartRun[];
  /** Runs that are left out of the charts. */
  muted: ReadonlySet<string>;
  hover: Hover;
  onSearch: (change: ChartSearch) => void;
}

const MAX_LISTED = 300;

/** Which colour is which run, for all charts at once: pointing at a run shows its curves, a click leaves it out. */
export function Legend({ runs, muted, hover, onSearch }: LegendProps) {
  const [wanted, setWanted] = useState("");
  const found = runs.filter((run) => run.name.toLowerCase().includes(wanted.toLowerCase()));

  const setMuted = (ids: Iterable<string>) => {
    const next = [...ids];
    onSearch({ muted: next.length === 0 ? undefined : next });
  };
  const toggle = (id: string) => {
    setMuted(muted.has(id) ? [...muted].filter((one) => one !== id) : [...muted, id]);
  };
  const point = (line: string | null) =>
    hover.set({ x: null, axis: "", line, panel: line === null ? null : "legend" });

  return (
    <section className={classes.legend} aria-label="Legend">
      <div className={classes.legendTools}>
        <SearchInput
          label="Search the legend"
          placeholder="Search runs"
          value={wanted}
          onChange={setWanted}
          width={170}
        />
        {wanted !== "" && found.length < runs.length && (
          <Button
            variant="default"
            onClick={() => {
              const kept = new Set(found.map((run) => run.id));
              setMuted(runs.filter((run) => !kept.has(run.id)).map((run) => run.id));
            }}
          >
            Only these
          </Button>
        )}
        {muted.size > 0 && (
          <Button variant="default" onClick={() => setMuted([])}>
            Show all {runs.length}
          </Button>
        )}
      </div>
      <ul className={classes.legendList}>
        {found.slice(0, MAX_LISTED).map((run) => (
          <li key={run.id}>
            <button
              type="button"
              className={classes.legendItem}
              aria-pressed={!muted.has(run.id)}
              onClick={() => toggle(run.id)}
              onPointerEnter={() => point(run.id)}
              onPointerLeave={() => point(null)}
              onFocus={() => point(run.id)}
              onBlur={() => point(null)}
            >
              <RunDot color={run.color} />
              <span>{run.name}</span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={classes.hint}>No run of this name</p>}
      {found.length > MAX_LISTED && (
        <p className={classes.hint}>and {formatPlural(found.length - MAX_LISTED, "more run")}</p>
      )}
    </section>
  );
}
