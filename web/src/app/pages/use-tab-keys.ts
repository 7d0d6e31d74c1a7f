import { usePageKeys, type Hotkey } from "@/components/keys";

/** Opens the tabs of a page by their numbers, and the next ones by brackets. */
export function useTabKeys<Tab extends string>(
  tabs: readonly Tab[],
  titles: Readonly<Record<Tab, string>>,
  current: Tab,
  onOpen: (tab: Tab) => void,
): void {
  const step = (by: number) => {
    const next = tabs[(tabs.indexOf(current) + by + tabs.length) % tabs.length];
    if (next !== undefined) onOpen(next);
  };
  usePageKeys([
    ...tabs.map((tab, at): Hotkey => ({
      keys: [String(at + 1)],
      meaning: titles[tab],
      hotkey: String(at + 1),
      run: () => onOpen(tab),
    })),
    { keys: ["["], meaning: "The tab before", hotkey: "[", run: () => step(-1) },
    { keys: ["]"], meaning: "The next tab", hotkey: "]", run: () => step(1) },
  ]);
}
