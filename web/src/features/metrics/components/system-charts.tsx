import { Select } from "@mantine/core";
import { IconCpu } from "@tabler/icons-react";
import { useMemo } from "react";

import type { ChartRun } from "@/charts/define-chart";
import type { LineOptions } from "@/charts/line";
import { EmptyState } from "@/components/empty-state";
import { groupSystemMetrics } from "@/lib/system-metrics";

import { MetricCard } from "./metric-card";
import classes from "./system-charts.module.css";

interface SystemChartsProps {
  runs: readonly ChartRun[];
  keys: readonly string[];
  options: Partial<LineOptions>;
  /** The machine that is shown; undefined for the first. */
  host: string | undefined;
  onHost: (host: string) => void;
}

/** How busy the machines of a run were: processor, memory, disk, network, GPUs. */
export function SystemCharts({ runs, keys, options, host, onHost }: SystemChartsProps) {
  const hosts = useMemo(() => groupSystemMetrics(keys), [keys]);
  const shown = hosts.find((one) => one.host === host) ?? hosts[0];

  if (shown === undefined) {
    return (
      <EmptyState
        icon={<IconCpu size={28} stroke={1.4} />}
        title="The machine was not measured"
        hint="fluvial.start_run() measures processor, memory, disk, network and GPUs every 10 s, unless FLUVIAL_CAPTURE_SYSTEM_METRICS=false."
      />
    );
  }
  return (
    <div className={classes.system}>
      {hosts.length > 1 && (
        <Select
          size="xs"
          w={220}
          label="Machine"
          allowDeselect={false}
          value={shown.host}
          data={hosts.map((one) => ({ value: one.host, label: one.host || "(without a name)" }))}
          onChange={(next) => next !== null && onHost(next)}
        />
      )}
      {shown.resources.map(({ resource, keys: members }) => (
        <section key={resource} aria-label={resource}>
          <h2 className={classes.title}>{resource}</h2>
          <div className={classes.cards}>
            {members.map((key) => (
              <MetricCard key={key} metric={key} runs={runs} options={options} />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
