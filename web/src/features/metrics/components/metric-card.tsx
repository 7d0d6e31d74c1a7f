import { ActionIcon, Modal, Skeleton, Tooltip } from "@mantine/core";
import { useIntersection, useViewportSize } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { IconArrowsMaximize, IconZoomReset } from "@tabler/icons-react";
import { useMemo, useState } from "react";

import { getSeries, MAX_SERIES_RUNS } from "@/api/metrics";
import { bar } from "@/charts/bar";
import type { ChartRun } from "@/charts/define-chart";
import { line } from "@/charts/line";
import type { LineOptions } from "@/charts/line/plot-data";

import classes from "./metric-charts.module.css";

interface MetricCardProps {
  metric: string;
  runs: readonly ChartRun[];
  options: LineOptions;
}

const CARD_HEIGHT = 172;
const CARD_POINTS = 600;
const FULL_POINTS = 3000;

type Steps = { start: number; end: number } | null;

export function MetricCard({ metric, runs, options }: MetricCardProps) {
  const { ref, entry } = useIntersection({ rootMargin: "300px" });
  const [isFull, setIsFull] = useState(false);
  const [steps, setSteps] = useState<Steps>(null);
  const { height } = useViewportSize();

  return (
    <article ref={ref} className={classes.card} aria-label={metric}>
      <header className={classes.cardHead}>
        <h3 className={classes.cardTitle} title={metric}>
          {metric}
        </h3>
        <ResetZoom steps={steps} onReset={() => setSteps(null)} />
        <Tooltip label="Full screen">
          <ActionIcon
            size="sm"
            className={classes.cardTool}
            aria-label={`Show ${metric} in full screen`}
            onClick={() => setIsFull(true)}
          >
            <IconArrowsMaximize size={14} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </header>
      <div style={{ height: CARD_HEIGHT }}>
        {entry?.isIntersecting === true && (
          <Curves
            metric={metric}
            runs={runs}
            options={options}
            height={CARD_HEIGHT}
            maxPoints={CARD_POINTS}
            steps={steps}
            onZoom={setSteps}
          />
        )}
      </div>
      <Modal
        opened={isFull}
        onClose={() => setIsFull(false)}
        fullScreen
        title={
          <span className={classes.fullTitle}>
            {metric}
            <ResetZoom steps={steps} onReset={() => setSteps(null)} />
          </span>
        }
      >
        <Curves
          metric={metric}
          runs={runs}
          options={options}
          height={Math.max(240, height - 120)}
          maxPoints={FULL_POINTS}
          steps={steps}
          onZoom={setSteps}
        />
      </Modal>
    </article>
  );
}

function ResetZoom({ steps, onReset }: { steps: Steps; onReset: () => void }) {
  if (steps === null) return null;
  return (
    <Tooltip label={`Steps ${steps.start} to ${steps.end}. Show all`}>
      <ActionIcon size="sm" aria-label="Show all steps" onClick={onReset}>
        <IconZoomReset size={15} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}

interface CurvesProps extends MetricCardProps {
  height: number;
  maxPoints: number;
  steps: Steps;
  onZoom: (steps: Steps) => void;
}

function Curves({ metric, runs, options, height, maxPoints, steps, onZoom }: CurvesProps) {
  const runIds = useMemo(() => runs.map((run) => run.id).slice(0, MAX_SERIES_RUNS), [runs]);
  const query = useQuery({
    ...getSeries(metric, { runIds, maxPoints, steps }),
    placeholderData: keepPreviousData,
  });

  if (query.isPending) return <CurveSkeleton height={height} />;
  if (query.isError) {
    return (
      <div className={classes.message} role="alert">
        {query.error.message}
        <button type="button" className={classes.retry} onClick={() => void query.refetch()}>
          Try again
        </button>
      </div>
    );
  }
  if (query.data.every((one) => one.steps.length === 0)) {
    return <div className={classes.message}>None of these runs has this metric</div>;
  }
  const isSingle = steps === null && query.data.every((one) => one.nPoints <= 1);
  const shared = { title: metric, runs, series: query.data, height, onZoom };
  return isSingle ? (
    <bar.Component {...shared} options={bar.defaults} />
  ) : (
    <line.Component {...shared} options={options} />
  );
}

function CurveSkeleton({ height }: { height: number }) {
  return (
    <div className={classes.skeleton} role="status" aria-label="Loading">
      <Skeleton height={height - 24} radius="sm" />
    </div>
  );
}
