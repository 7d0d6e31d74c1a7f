import { useIntersection, useMergedRef } from "@mantine/hooks";
import { useMemo, useRef, useState } from "react";

import type { ChartHandle, ChartRun, Scene } from "@/charts/define-chart";
import { Hover } from "@/charts/hover";
import type { LineOptions } from "@/charts/line";
import { CHARTS } from "@/charts/registry";
import { useSize } from "@/components/use-size";
import { metricPanelId } from "@/lib/panels";

import type { Panel } from "../panel-sections";
import { PanelChart } from "./chart-panel";
import classes from "./metric-charts.module.css";
import { PanelMenu } from "./panel-menu";

interface MetricCardProps {
  metric: string;
  runs: readonly ChartRun[];
  options: Partial<LineOptions>;
}

const HEIGHT = 172;
const NO_SOURCE = { experimentIds: [], filter: "", orderBy: [], viewType: "ACTIVE_ONLY" } as const;
const NO_COLUMNS = { params: [], metrics: [], tags: [] };

/** The curves of one metric by themselves, where a page arranges its charts in its own way. */
export function MetricCard({ metric, runs, options }: MetricCardProps) {
  const { ref: seen, entry } = useIntersection({ rootMargin: "300px" });
  const [measured, { width }] = useSize();
  const ref = useMergedRef(seen, measured);
  const body = useRef<HTMLDivElement>(null);
  const [handle] = useState<ChartHandle>(() => ({}));
  const [hover] = useState(() => new Hover());
  const [changed, setChanged] = useState<Record<string, unknown>>({});
  const scene = useMemo(
    (): Scene => ({ runs, hover, source: NO_SOURCE, columns: NO_COLUMNS }),
    [runs, hover],
  );
  const panel = useMemo((): Panel | null => {
    const chart = CHARTS.get("line");
    if (chart === undefined) return null;
    const id = metricPanelId(metric);
    const own = { metrics: [metric], ...changed };
    return { id, kind: "line", chart, title: metric, options: own, metric, width: 1, height: 1 };
  }, [metric, changed]);

  return (
    <article ref={ref} className={classes.card} aria-label={metric}>
      <header className={classes.cardHead}>
        <h3 className={classes.cardTitle} style={{ paddingLeft: 8 }} title={metric}>
          {metric}
        </h3>
        {panel !== null && <PanelMenu panel={panel} body={body} handle={handle} />}
      </header>
      <div ref={body} style={{ height: HEIGHT }}>
        {panel !== null && entry?.isIntersecting === true && width > 0 && (
          <PanelChart
            panel={panel}
            scene={scene}
            shared={options}
            width={width}
            height={HEIGHT}
            isFull={false}
            handle={handle}
            onPanel={(_, change) => setChanged(change.options ?? {})}
          />
        )}
      </div>
    </article>
  );
}
