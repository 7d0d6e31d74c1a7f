import { addRecent, parseRecent, type RecentItem } from "@/lib/recent-items";

const KEY = "fluvial-recent";
const SUFFIX = " · fluvial";
/** Experiments, runs, comparisons and reports; lists are among the pages anyway. */
const WORTH_KEEPING = /^\/(experiments|reports)\/[^/]+/;

export function recentItems(): RecentItem[] {
  try {
    return parseRecent(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
  } catch {
    return []; // not written by this app: nothing is lost with it
  }
}

/** Remembers a page once its title says what it is, until the returned function is called. */
export function watchVisits(): () => void {
  const observer = new MutationObserver(() => {
    const path = location.hash.slice(1).replace(/\?.*/, "");
    if (!WORTH_KEEPING.test(path) || !document.title.endsWith(SUFFIX)) return;
    const title = document.title.slice(0, -SUFFIX.length);
    localStorage.setItem(KEY, JSON.stringify(addRecent(recentItems(), { path, title })));
  });
  observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  return () => observer.disconnect();
}
