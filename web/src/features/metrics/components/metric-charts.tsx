import { Button, UnstyledButton } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconChartLine, IconChevronRight } from "@tabler/icons-react";
import { useMemo, useState, type CSSProperties } from "react";

import type { ChartRun } from "@/charts/define-chart";
import type { LineOptions } from "@/charts/line/plot-data";
import { EmptyState } from "@/components/empty-state";
import { formatCount } from "@/lib/format";
import type { ChartedMetrics } from "@/lib/charted-metrics";
import { groupMetrics, type MetricGroup } from "@/lib/metric-groups";

import { ChartToolbar } from "./chart-toolbar";
import { MetricCard } from "./metric-card";
import classes from "./metric-charts.module.css";

export interface MetricChartsProps {
  runs: readonly ChartRun[];
  metrics: ChartedMetrics;
  options: LineOptions;
  search: string;
  onOptions: (change: Partial<LineOptions>) => void;
  onSearch: (search: string) => void;
  /** True where the page has no other input that `/` leads to. */
  hasHotkey?: boolean;
  hint?: string;
}

const WIDE = 860;
const WIDE_CARD = 330;
const NARROW_CARD = 236;
const GAP = 10;
/** Charts of one group that are put on the page at a time. */
const PAGE = 100;

/** A chart for each metric, in groups by prefix; drawn where it can be seen. */
export function MetricCharts(props: MetricChartsProps) {
  const { runs, metrics, options, search, onOptions, onSearch, hasHotkey = false, hint } = props;
  const { ref, width } = useElementSize<HTMLDivElement>();
  const nColumns = columnsThatFit(width);
  const groups = useMemo(() => {
    const wanted = search.toLowerCase();
    const keys = metrics.keys.filter((key) => key.toLowerCase().includes(wanted));
    return groupMetrics(keys, metrics.curves);
  }, [metrics, search]);

  return (
    <div ref={ref} className={classes.charts}>
      <ChartToolbar
        options={options}
        search={search}
        hasHotkey={hasHotkey}
        onOptions={onOptions}
        onSearch={onSearch}
      />
      {hint !== undefined && <p className={classes.hint}>{hint}</p>}
      {groups.length === 0 ? (
        <EmptyState
          icon={<IconChartLine size={28} stroke={1.4} />}
          title={search === "" ? "No metrics yet" : "No metrics match"}
          hint={
            search === "" ? "Curves appear here as soon as a run logs its first metric." : search
          }
        />
      ) : (
        <div className={classes.groups} style={{ "--columns": nColumns } as CSSProperties}>
          {groups.map((group) => (
            <Group
              key={group.prefix}
              group={group}
              isAlone={groups.length === 1}
              nColumns={nColumns}
              runs={runs}
              options={options}
            />
          ))}
        </div>
      )}
    </div>
  );
}

interface GroupProps {
  group: MetricGroup;
  isAlone: boolean;
  nColumns: number;
  runs: readonly ChartRun[];
  options: LineOptions;
}

/** As wide as its charts need, so that small groups share a row. */
function Group({ group, isAlone, nColumns, runs, options }: GroupProps) {
  const { prefix, keys } = group;
  const [isOpen, setIsOpen] = useState(true);
  const [nShown, setNShown] = useState(PAGE);
  const title = prefix === "" ? "Metrics" : prefix;
  const span = Math.min(keys.length, nColumns);

  return (
    <section
      className={classes.group}
      aria-label={title}
      style={{ "--span": span } as CSSProperties}
    >
      {!(isAlone && prefix === "") && (
        <UnstyledButton
          className={classes.groupTitle}
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          <IconChevronRight size={14} className={classes.chevron} data-open={isOpen || undefined} />
          {title}
          <span className={classes.count}>{formatCount(keys.length)}</span>
        </UnstyledButton>
      )}
      {isOpen &&
        keys
          .slice(0, nShown)
          .map((key) => <MetricCard key={key} metric={key} runs={runs} options={options} />)}
      {isOpen && keys.length > nShown && (
        <Button variant="default" onClick={() => setNShown(nShown + PAGE)}>
          {formatCount(keys.length - nShown)} more
        </Button>
      )}
    </section>
  );
}

/** How many charts fit side by side: small ones beside a table, larger ones on a page of their own. */
function columnsThatFit(width: number): number {
  const smallest = width > WIDE ? WIDE_CARD : NARROW_CARD;
  return Math.max(1, Math.floor((width + GAP) / (smallest + GAP)));
}
