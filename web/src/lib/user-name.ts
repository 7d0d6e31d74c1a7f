/** Who uses this browser, as they said themselves: the server keeps it with what they decide. */

let current = "";
const listeners = new Set<() => void>();

export function userName(): string {
  return current;
}

export function setUserName(name: string): void {
  current = name.trim();
  for (const notify of listeners) notify();
}

export function watchUserName(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
