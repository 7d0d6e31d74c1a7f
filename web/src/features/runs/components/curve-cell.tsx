import { useQuery } from "@tanstack/react-query";

import { getSeries } from "@/api/metrics";
import { Sparkline } from "@/components/sparkline";

interface CurveCellProps {
  runId: string;
  metric: string;
  peers: readonly string[];
}

const MAX_POINTS = 54;

/** All points of a metric as a line without axes. */
export function CurveCell({ runId, metric, peers }: CurveCellProps) {
  const series = useQuery({
    ...getSeries(metric, { runIds: peers, maxPoints: MAX_POINTS, steps: null }),
    select: (all) => all.find((one) => one.runId === runId),
  }).data;

  if (series === undefined) return null;
  return (
    <Sparkline
      label={`${metric}: ${series.nPoints} points`}
      steps={series.steps}
      values={series.values}
    />
  );
}
