import {
  useEffect,
  useSyncExternalStore,
  type ComponentType,
  type FunctionComponent,
  type ReactNode,
} from "react";

import { loadCode, OldPage } from "@/api/load-code";

import { ErrorPanel } from "./error-panel";
import { notifyError } from "./notify";

type State<Props> = { Component: ComponentType<Props> } | { error: Error } | null;

/** How often code that did not come is asked for again while its place is empty. */
const RETRY_MS = 3000;

/**
 * A component whose code is loaded when it is first shown, or before that by `preload`.
 *
 * Where it does not come, what takes room on the page says so and tries again by itself; what opens
 * over the page, such as a dialog, says so in a notice, and is asked for again the next time.
 *
 * Not React's lazy: of several that began to wait together, the first stayed in its fallback, and a
 * dialog never opened (React 19.3.1).
 *
 * @param waiting What stands there until then; left out for what takes no room.
 */
export function loaded<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting?: (props: Props) => ReactNode,
): FunctionComponent<Props> & { preload: () => Promise<void> } {
  let state: State<Props> = null;
  let loading: Promise<void> | null = null;
  const listeners = new Set<() => void>();

  const begin = async () => {
    try {
      state = { Component: await loadCode(load) };
    } catch (error) {
      state = { error: error instanceof Error ? error : new Error(String(error)) };
      loading = null;
    }
    for (const notify of listeners) notify();
  };
  const preload = () => (loading ??= begin());
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    void preload();
    return () => listeners.delete(listener);
  };

  function Loaded(props: Props) {
    const current = useSyncExternalStore(subscribe, () => state);

    if (current === null) return waiting?.(props);
    if ("Component" in current) return <current.Component {...props} />;
    if (waiting === undefined) return <MissingOverlay error={current.error} />;
    return <MissingPart error={current.error} onRetry={preload} />;
  }
  return Object.assign(Loaded, { preload });
}

interface MissingPartProps {
  error: Error;
  onRetry: () => Promise<void>;
}

function MissingPart({ error, onRetry }: MissingPartProps) {
  useEffect(() => {
    const timer = setInterval(() => void onRetry(), RETRY_MS);
    return () => clearInterval(timer);
  }, [onRetry]);

  return error instanceof OldPage ? (
    <ErrorPanel error={error} retry="Load the page again" onRetry={() => location.reload()} />
  ) : (
    <ErrorPanel error={error} onRetry={() => void onRetry()} />
  );
}

function MissingOverlay({ error }: { error: Error }) {
  useEffect(() => notifyError(error), [error]);
  return null;
}
