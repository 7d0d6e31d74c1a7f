import { serverUrl } from "./http";
/** What has changed, in the words of the server's stream of events; null stands for any. */
export interface Change {
  experiment_id: string | null;
  run_id: string | null;
  /** Empty: anything may have changed. */
  kinds: string[];
}

export type LiveStatus = "connecting" | "live" | "lost";

interface Watch {
  experimentId?: string;
  runId?: string;
}

interface Listener {
  onChange: (change: Change) => void;
  /** `version` is the server's, where it has just said it. */
  onStatus: (status: LiveStatus, version?: string) => void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/** What a page that was away must assume. */
export const ANYTHING: Change = { experiment_id: null, run_id: null, kinds: [] };

export interface Watching {
  stop: () => void;
  /** Tries at once, instead of when the wait is over. */
  reconnect: () => void;
}

/**
 * Listens to the server's changes until it is stopped.
 *
 * The browser's own reconnecting gives up on an HTTP error (a server that restarts behind a proxy),
 * so connections are made anew here, each time after twice the wait. What happened in between is
 * unknown: `onChange` is then called with `ANYTHING`.
 */
export function watchChanges(watch: Watch, { onChange, onStatus }: Listener): Watching {
  const query: Record<string, string> = {};
  if (watch.experimentId !== undefined) query["experiment_id"] = watch.experimentId;
  if (watch.runId !== undefined) query["run_id"] = watch.runId;

  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = FIRST_WAIT_MS;
  let wasLost = false;

  const connect = () => {
    onStatus(wasLost ? "lost" : "connecting");
    source = new EventSource(serverUrl("api/1.0/fluvial/events", query));
    source.addEventListener("hello", (event: MessageEvent<string>) => {
      waitMs = FIRST_WAIT_MS;
      onStatus("live", (JSON.parse(event.data) as { version?: string }).version);
      if (wasLost) onChange(ANYTHING);
      wasLost = false;
    });
    source.addEventListener("change", (event: MessageEvent<string>) => {
      onChange(JSON.parse(event.data) as Change);
    });
    source.addEventListener("error", () => {
      source?.close();
      wasLost = true;
      onStatus("lost");
      timer = setTimeout(connect, waitMs);
      waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs);
    });
  };

  const stop = () => {
    clearTimeout(timer);
    source?.close();
  };
  connect();
  return {
    stop,
    reconnect: () => {
      if (!wasLost) return;
      stop();
      waitMs = FIRST_WAIT_MS;
      connect();
    },
  };
}
