import { useSyncExternalStore } from "react";

let version = 0;
const listeners = new Set<() => void>();
let observer: MutationObserver | null = null;

/** A number that changes with the theme or the palette: what is drawn by their tokens is drawn anew. */
export function useLook(): number {
  return useSyncExternalStore(subscribe, () => version);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (observer === null) {
    observer = new MutationObserver(() => {
      version += 1;
      for (const notify of listeners) notify();
    });
    observer.observe(document.documentElement, { attributes: true });
  }
  return () => listeners.delete(listener);
}
