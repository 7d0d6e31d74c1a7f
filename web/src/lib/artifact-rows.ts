/** A tree of folders as the lines that are seen of it. */

export interface TreeEntry {
  path: string;
  name: string;
  isFolder: boolean;
  sizeBytes: number | null;
}

/** What is known of an open folder. */
export interface FolderState {
  entries: readonly TreeEntry[];
  hasMore: boolean;
  error: string | null;
  isPending: boolean;
}

export type TreeRow =
  | { kind: "entry"; id: string; depth: number; entry: TreeEntry; isOpen: boolean }
  | { kind: "more" | "wait" | "empty"; id: string; depth: number; folder: string }
  | { kind: "error"; id: string; depth: number; folder: string; message: string };

/** @param folders The open folders by path; "" is the root, which always is. */
export function treeRows(folders: ReadonlyMap<string, FolderState>): TreeRow[] {
  const rows: TreeRow[] = [];
  const place = (folder: string, depth: number) => {
    const state = folders.get(folder);
    if (state === undefined) return;
    const { entries, hasMore, error, isPending } = state;
    for (const entry of entries) {
      const isOpen = entry.isFolder && folders.has(entry.path);
      rows.push({ kind: "entry", id: entry.path, depth, entry, isOpen });
      if (isOpen) place(entry.path, depth + 1);
    }
    const id = (kind: string) => `${kind} ${folder}`;
    if (error !== null)
      rows.push({ kind: "error", id: id("error"), depth, folder, message: error });
    else if (isPending) rows.push({ kind: "wait", id: id("wait"), depth, folder });
    else if (hasMore) rows.push({ kind: "more", id: id("more"), depth, folder });
    else if (entries.length === 0) rows.push({ kind: "empty", id: id("empty"), depth, folder });
  };
  place("", 0);
  return rows;
}

/** Folders that lead to a file: `a/b/c.txt` is in `a` and `a/b`. */
export function foldersAbove(path: string): string[] {
  const segments = path.split("/").slice(0, -1);
  return segments.map((_, at) => segments.slice(0, at + 1).join("/"));
}

const COLLATOR = new Intl.Collator("en", { numeric: true });
/** More are left as the server orders them: comparing names as people do takes its time. */
const MAX_COLLATED = 20_000;

/** Folders first, `step2` before `step10`. */
export function sortEntries(entries: readonly TreeEntry[]): TreeEntry[] {
  const folders = entries.filter((entry) => entry.isFolder);
  const files = entries.filter((entry) => !entry.isFolder);
  if (entries.length <= MAX_COLLATED) {
    for (const some of [folders, files]) some.sort((a, b) => COLLATOR.compare(a.name, b.name));
  }
  return [...folders, ...files];
}
