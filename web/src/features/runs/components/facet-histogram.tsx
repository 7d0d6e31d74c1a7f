import { Button } from "@mantine/core";
import { useRef, useState, type PointerEvent } from "react";

import type { Facet } from "@/api/run-groups";
import { comparisonsOf, withComparisons } from "@/lib/filter-tree";
import { formatCount, formatDuration, formatNumber, formatTime } from "@/lib/format";

import classes from "./facets.module.css";

interface FacetHistogramProps {
  facet: Facet;
  histogram: NonNullable<Facet["histogram"]>;
  filter: string;
  onFilter: (filter: string) => void;
}

const HEIGHT = 44;

/** How a number is spread over the runs; a range that is dragged over it becomes part of the filter. */
export function FacetHistogram({ facet, histogram, filter, onFilter }: FacetHistogramProps) {
  const { field, nMissing } = facet;
  const { edges, counts, nNan, nInfinite } = histogram;
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const [least = 0, greatest = 0] = [edges[0], edges.at(-1)];
  const most = Math.max(1, ...counts);
  const own = comparisonsOf(filter, field).find((one) => one.operator === "BETWEEN");
  const [low, high] = own === undefined ? [least, greatest] : own.values.map(Number);
  const format = formatOf(field);
  const others = [
    ...(nMissing > 0 ? [`${formatCount(nMissing)} without`] : []),
    ...(nNan > 0 ? [`${formatCount(nNan)} NaN`] : []),
    ...(nInfinite > 0 ? [`${formatCount(nInfinite)} infinite`] : []),
  ];

  const set = (from: number, to: number) =>
    onFilter(
      withComparisons(filter, field, [
        {
          kind: "comparison",
          field,
          operator: "BETWEEN",
          values: [literal(Math.min(from, to), field), literal(Math.max(from, to), field)],
        },
      ]),
    );
  const place = (event: PointerEvent) => {
    const bounds = box.current?.getBoundingClientRect();
    if (bounds === undefined || bounds.width === 0) return least;
    const share = Math.min(1, Math.max(0, (event.clientX - bounds.left) / bounds.width));
    return least + share * (greatest - least);
  };
  const percent = (value = least) =>
    greatest === least ? 0 : (100 * (value - least)) / (greatest - least);
  const [begin, end] = drag === null ? [low, high] : [drag.from, drag.to].sort((a, b) => a - b);

  if (counts.length === 0) return <p className={classes.none}>No run has a finite value.</p>;
  return (
    <div className={classes.histogram}>
      <div
        ref={box}
        className={classes.bars}
        style={{ height: HEIGHT }}
        role="img"
        aria-label={`${field} from ${format(least)} to ${format(greatest)}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: place(event), to: place(event) });
        }}
        onPointerMove={(event) => drag !== null && setDrag({ from: drag.from, to: place(event) })}
        onPointerUp={() => {
          if (drag !== null && drag.from !== drag.to) set(drag.from, drag.to);
          setDrag(null);
        }}
      >
        {counts.map((count, at) => (
          <span
            key={edges[at]}
            className={classes.bin}
            style={{ height: `${count === 0 ? 0 : Math.max(4, (100 * count) / most)}%` }}
            title={`${format(edges[at] ?? 0)} to ${format(edges[at + 1] ?? 0)}: ${formatCount(count)}`}
          />
        ))}
        {(drag !== null || own !== undefined) && (
          <span
            className={classes.brush}
            style={{ left: `${percent(begin)}%`, right: `${100 - percent(end)}%` }}
          />
        )}
      </div>
      {/* The same range without a mouse. */}
      <div className={classes.ends}>
        <RangeEnd
          key={`low ${low}`}
          label={`Least ${field}`}
          value={low ?? least}
          onValue={(value) => set(value, high ?? greatest)}
        />
        <RangeEnd
          key={`high ${high}`}
          label={`Greatest ${field}`}
          value={high ?? greatest}
          onValue={(value) => set(low ?? least, value)}
        />
      </div>
      {own !== undefined && (
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => onFilter(withComparisons(filter, field, []))}
        >
          All values
        </Button>
      )}
      {others.length > 0 && <p className={classes.none}>{others.join(", ")}</p>}
    </div>
  );
}

interface RangeEndProps {
  label: string;
  value: number;
  onValue: (value: number) => void;
}

function RangeEnd({ label, value, onValue }: RangeEndProps) {
  const finish = (text: string) => {
    const next = Number(text);
    if (text.trim() !== "" && Number.isFinite(next) && next !== value) onValue(next);
  };
  return (
    <input
      className={classes.end}
      aria-label={label}
      defaultValue={Number(value.toPrecision(6))}
      inputMode="decimal"
      onBlur={(event) => finish(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish(event.currentTarget.value);
      }}
    />
  );
}

function isTime(field: string): boolean {
  return field.endsWith("start_time") || field.endsWith("end_time");
}

function formatOf(field: string): (value: number) => string {
  if (isTime(field)) return formatTime;
  return field.endsWith("duration") ? formatDuration : formatNumber;
}

/** Times are whole in the search language; other numbers keep the digits that a drag can mean. */
function literal(value: number, field: string): string {
  if (isTime(field) || field.endsWith("duration")) return String(Math.round(value));
  return String(Number(value.toPrecision(6)));
}
