import { Tooltip } from "@/components/tooltip";
import { formatTime } from "@/lib/format";

import classes from "./live-indicator.module.css";
import { useLiveStatus } from "./live";

export function LiveIndicator() {
  const { status, seenAt } = useLiveStatus();

  if (status === "connecting") return null;
  const isLost = status === "lost";
  return (
    <Tooltip
      label={
        isLost
          ? `No connection to the server. What you see is from ${formatTime(seenAt)}.`
          : "Changes appear by themselves"
      }
    >
      <span className={classes.indicator} data-lost={isLost || undefined} role="status">
        <span className={classes.dot} aria-hidden />
        <span className={classes.word}>{isLost ? "Reconnecting" : "Live"}</span>
      </span>
    </Tooltip>
  );
}
