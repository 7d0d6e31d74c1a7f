import { sparklinePoints } from "@/lib/sparkline";

import classes from "./sparkline.module.css";

interface SparklineProps {
  label: string;
  steps: Float64Array;
  values: Float64Array;
}

const WIDTH = 108;
const HEIGHT = 18;

/** A series as a line without axes; one point as a dot. */
export function Sparkline({ label, steps, values }: SparklineProps) {
  return (
    <svg
      className={classes.curve}
      viewBox={`-1 -1 ${WIDTH + 2} ${HEIGHT + 2}`}
      role="img"
      aria-label={label}
    >
      {values.length === 1 ? (
        <circle cx={WIDTH / 2} cy={HEIGHT / 2} r={2} />
      ) : (
        <polyline points={sparklinePoints(steps, values, WIDTH, HEIGHT)} />
      )}
    </svg>
  );
}
