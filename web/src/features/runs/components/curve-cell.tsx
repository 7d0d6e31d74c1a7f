import { useQuery } from "@tanstack/react-query";

import { countPoints, getSmallCurves } from "@/api/curves";
import { Sparkline } from "@/components/sparkline";

interface CurveCellProps {
  runId: string;
  metric: string;
  peers: readonly string[];
}

/** All points of a metric as a line without axes. */
export function CurveCell({ runId, metric, peers }: CurveCellProps) {
  const curve = useQuery({
    ...getSmallCurves(metric, peers),
    select: (all) => all.find((one) => one.runId === runId),
  }).data;
  const nPoints = curve === undefined ? 0 : countPoints(curve);

  if (curve === undefined || nPoints === 0) return null;
  return (
    <Sparkline label={`${metric}: ${nPoints} points`} steps={curve.ends} values={curve.means} />
  );
}
