import { useHotkeys } from "@mantine/hooks";
import { useEffect, useSyncExternalStore } from "react";

/** A key of the page, as `?` shows it. */
export interface PageKey {
  keys: readonly string[];
  meaning: string;
}

/** One that does something wherever the focus is. */
export interface Hotkey extends PageKey {
  /** In Mantine's words, such as `mod+K`. */
  hotkey: string;
  run: () => void;
  /** Whether it also counts while somebody writes into a field. */
  inFields?: boolean;
}

let shown: readonly (readonly PageKey[])[] = [];
const listeners = new Set<() => void>();

function change(next: typeof shown): void {
  shown = next;
  for (const notify of listeners) notify();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Lists keys that a part of the page handles by itself, for as long as it is there. */
export function useShownKeys(keys: readonly PageKey[]): void {
  const text = JSON.stringify(keys.map(({ keys: names, meaning }) => ({ keys: names, meaning })));
  useEffect(() => {
    const own = JSON.parse(text) as PageKey[];
    change([...shown, own]);
    return () => change(shown.filter((one) => one !== own));
  }, [text]);
}

/** Binds keys, and lists them. */
export function usePageKeys(keys: readonly Hotkey[]): void {
  useHotkeys(
    keys.map(({ hotkey, run, inFields = false }) => [
      hotkey,
      (event) => {
        if (!inFields && isWriting(event.target)) return;
        event.preventDefault();
        run();
      },
      { preventDefault: false },
    ]),
    [],
    true,
  );
  useShownKeys(keys);
}

/** Whether what somebody types goes into a field; boxes that are checked take no letters. */
function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !/^(?:checkbox|radio|button)$/.test(target.type);
  return target.isContentEditable || target.matches("textarea, select");
}

/** Every key of the page, each meaning once. */
export function usePresentKeys(): PageKey[] {
  const all = useSyncExternalStore(subscribe, () => shown).flat();
  return all.filter(({ meaning }, at) => all.findIndex((key) => key.meaning === meaning) === at);
}
