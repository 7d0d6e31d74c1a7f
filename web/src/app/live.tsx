import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
  type Dispatch,
  type ReactNode,
  type SetStateAction,
} from "react";

import { forgetCurves } from "@/api/curves";
import { ANYTHING, watchChanges, type Change, type LiveStatus, type Watching } from "@/api/events";
import { affects } from "@/api/query-client";

interface Live {
  status: LiveStatus;
  /** When the connection was last known to be up, ms since the epoch. */
  seenAt: number;
  /** The version of the server that this page was loaded from, once it is known. */
  firstVersion?: string;
  /** Whether the server has another version by now, so that this page is of an old one. */
  isOutdated: boolean;
}

const Status = createContext<Live>({ status: "connecting", seenAt: 0, isOutdated: false });
const SetStatus = createContext<Dispatch<SetStateAction<Live>>>(() => undefined);

/** Busy runs change many times a second; their pages follow at most once in this time. */
const SHORTEST_PAUSE_MS = 1000;

export function LiveProvider({ children }: { children: ReactNode }) {
  const [live, setLive] = useState<Live>(() => ({
    status: "connecting",
    seenAt: Date.now(),
    isOutdated: false,
  }));

  return (
    <SetStatus value={setLive}>
      <Status value={live}>{children}</Status>
    </SetStatus>
  );
}

export function useLiveStatus(): Live {
  return useContext(Status);
}

/**
 * Keeps the page's queries as fresh as the server's data, for as long as the page is visible.
 *
 * @returns Connects at once, where the connection is lost.
 */
export function useLiveUpdates(experimentId?: string, runId?: string): () => void {
  const queries = useQueryClient();
  const setLive = useContext(SetStatus);
  const watching = useRef<Watching | null>(null);

  useEffect(() => {
    const refresh = throttledRefresh(queries);
    const watch = {
      ...(experimentId === undefined ? {} : { experimentId }),
      ...(runId === undefined ? {} : { runId }),
    };
    const start = () => {
      watching.current = watchChanges(watch, {
        onChange: refresh.add,
        onStatus: (status, version) => setLive((before) => after(before, status, version)),
      });
    };
    const stop = () => {
      watching.current?.stop();
      watching.current = null;
    };
    // A browser opens six connections to a server, over all of its tabs: hidden ones give theirs up.
    const onVisibility = () => {
      if (document.hidden) stop();
      else if (watching.current === null) {
        start();
        refresh.add(ANYTHING);
      }
    };
    const onOnline = () => watching.current?.reconnect();
    start();
    document.addEventListener("visibilitychange", onVisibility);
    window.addEventListener("online", onOnline);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      window.removeEventListener("online", onOnline);
      stop();
      refresh.cancel();
    };
  }, [queries, setLive, experimentId, runId]);

  return useCallback(() => watching.current?.reconnect(), []);
}

function after(before: Live, status: LiveStatus, version: string | undefined): Live {
  const firstVersion = before.firstVersion ?? version;
  const isUp = before.status === "live" || status === "live";
  return {
    status,
    seenAt: isUp ? Date.now() : before.seenAt,
    isOutdated: before.isOutdated || (version !== undefined && version !== firstVersion),
    ...(firstVersion === undefined ? {} : { firstVersion }),
  };
}

function throttledRefresh(queries: QueryClient) {
  let pending: Change[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isCancelled = false;

  // The next round waits for the answers of this one: a slow server is not asked twice at a time.
  const refresh = async () => {
    const changes = pending;
    pending = [];
    const startedAt = Date.now();
    await queries.invalidateQueries({
      predicate: ({ queryKey }) => changes.some((change) => affects(change, queryKey)),
    });
    // A long table takes long to ask for again: half of the time at least is left to the person.
    const pauseMs = Math.max(SHORTEST_PAUSE_MS, Date.now() - startedAt);
    timer = isCancelled ? undefined : setTimeout(next, pauseMs);
  };
  const next = () => {
    timer = undefined;
    if (pending.length > 0) start();
  };
  const start = () => {
    timer = setTimeout(() => void refresh());
  };

  return {
    add: (change: Change) => {
      forgetCurves(change);
      pending.push(change);
      if (timer === undefined) start();
    },
    cancel: () => {
      isCancelled = true;
      clearTimeout(timer);
    },
  };
}
