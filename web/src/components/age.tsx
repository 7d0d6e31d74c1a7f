import { formatAge, formatTime } from "@/lib/format";

import { useNow } from "./clock";

/** How long ago a time was, with the time itself on hover. */
export function Age({ time }: { time: number | null }) {
  const now = useNow();

  if (time === null) return <span>–</span>;
  return (
    <time dateTime={new Date(time).toISOString()} title={formatTime(time)}>
      {formatAge(time, Math.max(now, time))}
    </time>
  );
}
