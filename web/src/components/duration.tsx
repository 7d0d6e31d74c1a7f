import { formatDuration } from "@/lib/format";

import { useNow } from "./clock";

interface DurationProps {
  startTime: number;
  /** null while it goes on. */
  endTime: number | null;
}

export function Duration({ startTime, endTime }: DurationProps) {
  const now = useNow();

  return <span>{formatDuration(Math.max(0, (endTime ?? now) - startTime))}</span>;
}
