/** Experiments in folders, which the `/` in their names make. */

export interface FolderLine<T> {
  kind: "folder";
  /** `vision/detection`; also how it is known. */
  path: string;
  title: string;
  depth: number;
  /** All experiments in it, however deep. */
  all: readonly T[];
  isOpen: boolean;
}

export interface ExperimentLine<T> {
  kind: "experiment";
  one: T;
  /** The part of the name behind the folder. */
  title: string;
  depth: number;
}

interface Folder<T> {
  path: string;
  title: string;
  /** Folders and experiments in the order of their first members. */
  members: (Folder<T> | { one: T; title: string })[];
  folders: Map<string, Folder<T>>;
  all: T[];
}

/**
 * The lines of a list of experiments in folders, which stand where their first members stood.
 *
 * @param closed Paths of the folders whose members are hidden.
 */
export function inFolders<T>(
  all: readonly T[],
  nameOf: (one: T) => string,
  closed: ReadonlySet<string>,
): (FolderLine<T> | ExperimentLine<T>)[] {
  const root = newFolder<T>("", "");
  for (const one of all) {
    const parts = nameOf(one).split("/");
    const title = parts.pop() ?? "";
    let folder = root;
    // A name that begins or ends with "/" has parts without letters: no folder is made of those.
    for (const part of parts.filter((each) => each.trim() !== "")) {
      folder = within(folder, part);
      folder.all.push(one);
    }
    folder.members.push({ one, title: title.trim() === "" ? nameOf(one) : title });
  }
  const lines: (FolderLine<T> | ExperimentLine<T>)[] = [];
  const write = (folder: Folder<T>, depth: number) => {
    for (const member of folder.members) {
      if ("one" in member) {
        lines.push({ kind: "experiment", one: member.one, title: member.title, depth });
        continue;
      }
      const { path, title, all: inIt } = member;
      const isOpen = !closed.has(path);
      lines.push({ kind: "folder", path, title, depth, all: inIt, isOpen });
      if (isOpen) write(member, depth + 1);
    }
  };
  write(root, 0);
  return lines;
}

function within<T>(folder: Folder<T>, title: string): Folder<T> {
  const known = folder.folders.get(title);
  if (known !== undefined) return known;
  const made = newFolder<T>(folder.path === "" ? title : `${folder.path}/${title}`, title);
  folder.folders.set(title, made);
  folder.members.push(made);
  return made;
}

function newFolder<T>(path: string, title: string): Folder<T> {
  return { path, title, members: [], folders: new Map(), all: [] };
}
