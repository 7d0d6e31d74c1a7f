/** What a link restores, as plain JSON. */
export type ViewState = Record<string, unknown>;

const NOT_OF_VIEWS = new Set(["saved", "selected", "all"]);

/** Of what a link holds, the part that belongs to a view: not which view it is, nor which runs are selected. */
export function viewState(search: object): ViewState {
  return Object.fromEntries(
    Object.entries(search).filter(([key, value]) => !NOT_OF_VIEWS.has(key) && value !== undefined),
  );
}

/** Whether two states mean the same; the order of their keys does not matter. */
export function isSameState(one: ViewState, other: ViewState): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
