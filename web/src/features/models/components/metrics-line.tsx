import type { ModelVersion } from "@/api/registry";
import { formatNumber } from "@/lib/format";
import { isSystemMetric } from "@/lib/metric-groups";

import { useVersionData } from "../use-version-data";
import classes from "./models.module.css";

const MOST = 4;

/** The first metrics of a version, in a line. */
export function MetricsLine({ version }: { version: ModelVersion }) {
  const { metrics } = useVersionData(version);
  const shown = Object.entries(metrics).filter(([key]) => !isSystemMetric(key));

  return (
    <div className={classes.metrics}>
      {shown.slice(0, MOST).map(([key, value]) => (
        <span key={key}>
          {key} {formatNumber(value)}
        </span>
      ))}
    </div>
  );
}
