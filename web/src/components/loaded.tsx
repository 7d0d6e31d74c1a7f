import { useSyncExternalStore, type ComponentType, type ReactNode } from "react";

type State<Props> = { Component: ComponentType<Props> } | { error: unknown } | null;

/**
 * A component whose code is loaded when it is first shown.
 *
 * Not React's lazy: of several that began to wait together, the first stayed in its fallback, and a
 * dialog never opened (React 19.3.1).
 *
 * @param waiting What stands there until then; nothing where it is left out.
 */
export function loaded<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting?: (props: Props) => ReactNode,
): ComponentType<Props> {
  let state: State<Props> = null;
  let isLoading = false;
  const listeners = new Set<() => void>();

  const begin = async () => {
    try {
      state = { Component: await load() };
    } catch (error) {
      state = { error };
    }
    for (const notify of listeners) notify();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    if (!isLoading) {
      isLoading = true;
      void begin();
    }
    return () => listeners.delete(listener);
  };

  return function Loaded(props: Props) {
    const current = useSyncExternalStore(subscribe, () => state);

    if (current === null) return waiting?.(props);
    if ("error" in current) throw current.error;
    return <current.Component {...props} />;
  };
}
