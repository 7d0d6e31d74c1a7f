import { Modal } from "@mantine/core";
import { useRef, useState } from "react";

import type { ChartHandle, Scene } from "@/charts/define-chart";
import type { LineOptions } from "@/charts/line";
import { useSize } from "@/components/use-size";
import type { ChartSearch, PanelState } from "@/lib/panels";

import type { LegendItem } from "../legend-items";
import type { Panel } from "../panel-sections";
import { reportPanel } from "../report-panel";
import { PanelChart } from "./chart-panel";
import { Legend } from "./legend";
import classes from "./metric-charts.module.css";
import { PanelMenu } from "./panel-menu";

interface FullPanelProps {
  panel: Panel;
  scene: Scene;
  shared: Partial<LineOptions>;
  items: readonly LegendItem[];
  muted: ReadonlySet<string>;
  onSearch: (change: ChartSearch) => void;
  onPanel: (id: string, change: Partial<PanelState>) => void;
}

/** One panel over the whole page, with its legend. */
export function FullPanel(props: FullPanelProps) {
  const { panel, scene, shared, items, muted, onSearch, onPanel } = props;
  const body = useRef<HTMLDivElement>(null);
  const [ref, { width, height }] = useSize();
  const [handle] = useState<ChartHandle>(() => ({}));
  const hasLegend = panel.chart.isOfRuns === true && items.length > 1;

  return (
    <Modal
      opened
      onClose={() => onSearch({ panel: undefined })}
      fullScreen
      classNames={{ body: classes.fullBody ?? "", content: classes.fullContent ?? "" }}
      title={
        <span className={classes.fullTitle}>
          {panel.title}
          <PanelMenu
            panel={panel}
            body={body}
            handle={handle}
            asReport={() => reportPanel(panel, scene, shared)}
          />
        </span>
      }
    >
      <div ref={ref} className={classes.fullChart}>
        <div ref={body}>
          {width > 0 && (
            <PanelChart
              panel={panel}
              scene={scene}
              shared={shared}
              width={width}
              height={Math.max(200, height)}
              isFull
              handle={handle}
              onPanel={onPanel}
            />
          )}
        </div>
      </div>
      {hasLegend && (
        <div className={classes.fullLegend}>
          <Legend items={items} muted={muted} hover={scene.hover} onSearch={onSearch} />
        </div>
      )}
    </Modal>
  );
}
