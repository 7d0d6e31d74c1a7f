import { Button } from "@mantine/core";
import { useState } from "react";

import type { Hover } from "@/charts/hover";
import { RunDot } from "@/components/run-dot";
import { SearchInput } from "@/components/search-input";
import { formatPlural } from "@/lib/format";
import type { ChartSearch } from "@/lib/panels";

import type { LegendItem } from "../legend-items";
import classes from "./metric-charts.module.css";

interface LegendProps {
  items: readonly LegendItem[];
  /** Runs that are left out of the charts. */
  muted: ReadonlySet<string>;
  hover: Hover;
  onSearch: (change: ChartSearch) => void;
}

const MAX_LISTED = 300;

/**
 * Which colour is which run or group of runs, for all charts at once: pointing at one shows its curves, a click
 * leaves it out.
 */
export function Legend({ items, muted, hover, onSearch }: LegendProps) {
  const [wanted, setWanted] = useState("");
  const found = items.filter(({ label }) => label.toLowerCase().includes(wanted.toLowerCase()));
  const isMuted = ({ runIds }: LegendItem) => runIds.every((id) => muted.has(id));

  const setMuted = (ids: Iterable<string>) => {
    const next = [...ids];
    onSearch({ muted: next.length === 0 ? undefined : next });
  };
  const toggle = (item: LegendItem) => {
    const others = [...muted].filter((id) => !item.runIds.includes(id));
    setMuted(isMuted(item) ? others : [...others, ...item.runIds]);
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
        {wanted !== "" && found.length < items.length && (
          <Button
            variant="default"
            onClick={() => {
              const kept = new Set(found);
              setMuted(items.filter((item) => !kept.has(item)).flatMap(({ runIds }) => runIds));
            }}
          >
            Only these
          </Button>
        )}
        {muted.size > 0 && (
          <Button variant="default" onClick={() => setMuted([])}>
            Show all {items.length}
          </Button>
        )}
      </div>
      <ul className={classes.legendList}>
        {found.slice(0, MAX_LISTED).map((item) => (
          <li key={item.line}>
            <button
              type="button"
              className={classes.legendItem}
              aria-pressed={!isMuted(item)}
              onClick={() => toggle(item)}
              onPointerEnter={() => point(item.line)}
              onPointerLeave={() => point(null)}
              onFocus={() => point(item.line)}
              onBlur={() => point(null)}
            >
              <RunDot color={item.color} />
              <span>{item.label}</span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={classes.hint}>Nothing of this name</p>}
      {found.length > MAX_LISTED && (
        <p className={classes.hint}>
          and {formatPlural(found.length - MAX_LISTED, "more", "more")}
        </p>
      )}
    </section>
  );
}
