import { Button } from "@mantine/core";

import { useNow } from "@/components/clock";
import { formatTime } from "@/lib/format";

import { useLiveStatus } from "./live";
import classes from "./stale-bar.module.css";

/** A server that restarts is back before this; nobody need hear of it. */
const PATIENCE_MS = 8000;

/** Says that what the page shows may be old, and why. */
export function StaleBar({ onReconnect }: { onReconnect: () => void }) {
  const { status, seenAt, isOutdated } = useLiveStatus();
  const now = useNow();
  const isLost = status === "lost" && now - seenAt > PATIENCE_MS;

  if (!isLost && !isOutdated) return null;
  return (
    <div className={classes.bar} role="alert">
      {isLost
        ? `No connection to the server. What you see is from ${formatTime(seenAt)}; it follows by itself when the server is back.`
        : "The server has another version than this page."}
      {isLost ? (
        // To load the page again would leave nothing of it.
        <Button variant="default" size="compact-xs" onClick={onReconnect}>
          Try now
        </Button>
      ) : (
        <Button variant="default" size="compact-xs" onClick={() => location.reload()}>
          Load the page again
        </Button>
      )}
    </div>
  );
}
