export interface RunNode<T> {
  run: T;
  depth: number;
  /** How many runs of the list are below this one, at any depth. */
  nDescendants: number;
  isOpen: boolean;
}

interface Nested {
  id: string;
  parentId: string | null;
}

/**
 * The list with nested runs under their parents.
 *
 * A family stands where its first member stood, and siblings keep the order of the list, so a sorted
 * list puts the family of the best run first. A run whose parent is not in the list is a root.
 *
 * @param closed Ids of the runs whose children are hidden.
 */
export function nestRuns<T extends Nested>(
  runs: readonly T[],
  closed: ReadonlySet<string>,
): RunNode<T>[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const children = new Map<string, T[]>();
  const roots = new Set<T>();
  for (const run of runs) {
    const parent = parentOf(run, byId);
    if (parent) {
      const siblings = children.get(parent.id);
      if (siblings) siblings.push(run);
      else children.set(parent.id, [run]);
    }
    roots.add(rootOf(run, byId));
  }

  const nodes: RunNode<T>[] = [];
  const place = (run: T, depth: number, isShown: boolean): number => {
    const isOpen = !closed.has(run.id);
    const node: RunNode<T> = { run, depth, nDescendants: 0, isOpen };
    if (isShown) nodes.push(node);
    for (const child of children.get(run.id) ?? []) {
      node.nDescendants += 1 + place(child, depth + 1, isShown && isOpen);
    }
    return node.nDescendants;
  };
  for (const root of roots) place(root, 0, true);
  return nodes;
}

function parentOf<T extends Nested>(run: T, byId: ReadonlyMap<string, T>): T | undefined {
  const parent = run.parentId === null ? undefined : byId.get(run.parentId);
  return parent === undefined || isAncestor(run, parent, byId) ? undefined : parent;
}

function rootOf<T extends Nested>(run: T, byId: ReadonlyMap<string, T>): T {
  let root = run;
  for (let parent = parentOf(root, byId); parent; parent = parentOf(root, byId)) root = parent;
  return root;
}

/** True if `run` is `other` or above it: tags are free text, so a parent may name its own child. */
function isAncestor<T extends Nested>(run: T, other: T, byId: ReadonlyMap<string, T>): boolean {
  const seen = new Set<string>();
  let current: T | undefined = other;
  while (current && !seen.has(current.id)) {
    if (current.id === run.id) return true;
    seen.add(current.id);
    current = current.parentId === null ? undefined : byId.get(current.parentId);
  }
  return false;
}
