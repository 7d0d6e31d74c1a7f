/** A page that was looked at. */
export interface RecentItem {
  /** Where it is, below the `#` of the address. */
  path: string;
  title: string;
}

const MOST = 8;

/** The items with one more, which comes first; each path once. */
export function addRecent(items: readonly RecentItem[], item: RecentItem): RecentItem[] {
  return [item, ...items.filter(({ path }) => path !== item.path)].slice(0, MOST);
}

/** What was kept, without what this version does not know. */
export function parseRecent(raw: unknown): RecentItem[] {
  if (!Array.isArray(raw)) return [];
  return raw
    .filter((item: Partial<RecentItem> | null): item is RecentItem => {
      return (
        typeof item?.path === "string" &&
        item.path.startsWith("/") &&
        typeof item.title === "string"
      );
    })
    .slice(0, MOST);
}
