import { useEffect, type KeyboardEvent, type RefObject } from "react";

/** Moves the focus between the elements marked `data-row` with the up and down keys. */
export function moveRowFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || event.target instanceof HTMLInputElement) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")].sort(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  );
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at === -1 ? 0 : at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

/**
 * Lets the down key reach the rows of a table when nothing in particular has the focus.
 *
 * @param selector Of the row that takes it: the first one that is found.
 */
export function useRowsFromPage(
  table: RefObject<HTMLElement | null>,
  selector = "[data-row]",
): void {
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      // The body has the focus, or a part of the page that holds the table.
      if (event.key !== "ArrowDown" || !(event.target as Element).contains(table.current)) return;
      const row = table.current?.querySelector<HTMLElement>(selector);
      if (!row) return;
      event.preventDefault();
      row.focus();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [table, selector]);
}
