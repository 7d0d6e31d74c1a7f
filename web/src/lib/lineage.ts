/** Where a run came from and what came of it, as a graph in columns. */

export type LineageKind = "dataset" | "run" | "model" | "version" | "alias";

export interface LineageNode {
  id: string;
  kind: LineageKind;
  title: string;
  detail: string;
  /** Set for runs: where a click leads. */
  run: { experimentId: string; runId: string } | null;
  isCurrent: boolean;
}

export interface LineageEdge {
  from: string;
  to: string;
  label: string;
}

export interface Lineage {
  nodes: LineageNode[];
  edges: LineageEdge[];
}

export interface Related {
  id: string;
  experimentId: string;
  name: string;
  status: string;
}

interface Input {
  name: string;
  digest: string;
  context: string | null;
}

interface LineageOf {
  run: Related & {
    tags: Readonly<Record<string, string>>;
    datasets: readonly Input[];
    modelIds: readonly string[];
  };
  parent: Related | null;
  origin: Related | null;
  children: readonly Related[];
  forks: readonly (Related & { tags: Readonly<Record<string, string>> })[];
}

export function lineageOf({ run, parent, origin, children, forks }: LineageOf): Lineage {
  const nodes = new Map<string, LineageNode>();
  const edges: LineageEdge[] = [];
  const add = (node: LineageNode) => {
    if (!nodes.has(node.id)) nodes.set(node.id, node);
  };
  const addRun = (one: Related, isCurrent = false) =>
    add({
      id: one.id,
      kind: "run",
      title: one.name,
      detail: one.status.toLowerCase(),
      run: { experimentId: one.experimentId, runId: one.id },
      isCurrent,
    });

  addRun(run, true);
  for (const { name, digest, context } of run.datasets) {
    const id = `dataset ${name} ${digest}`;
    add({ id, kind: "dataset", title: name, detail: digest, run: null, isCurrent: false });
    edges.push({ from: id, to: run.id, label: context ?? "" });
  }
  if (parent !== null) {
    addRun(parent);
    edges.push({ from: parent.id, to: run.id, label: "parent of" });
  }
  if (origin !== null) {
    addRun(origin);
    edges.push({ from: origin.id, to: run.id, label: forkLabel(run.tags) });
  }
  for (const child of children) {
    addRun(child);
    edges.push({ from: run.id, to: child.id, label: "parent of" });
  }
  for (const fork of forks) {
    addRun(fork);
    edges.push({ from: run.id, to: fork.id, label: forkLabel(fork.tags) });
  }
  for (const model of loggedModels(run.tags, run.modelIds)) {
    add({
      id: `model ${model.path}`,
      kind: "model",
      title: model.path,
      detail: model.detail,
      run: null,
      isCurrent: false,
    });
    edges.push({ from: run.id, to: `model ${model.path}`, label: "logged" });
  }
  return { nodes: [...nodes.values()], edges };
}

function forkLabel(tags: Readonly<Record<string, string>>): string {
  const step = tags["fluvial.forked_at_step"];
  return step === undefined ? "forked" : `forked at ${step}`;
}

export interface LoggedModel {
  /** Folder among the run's artifacts, or the id of a model that has none there. */
  path: string;
  detail: string;
  isFolder: boolean;
}

/** The models that a run says it logged: by MLflow's tag, and by the ids among its outputs. */
export function loggedModels(
  tags: Readonly<Record<string, string>>,
  modelIds: readonly string[],
): LoggedModel[] {
  const models = new Map<string, LoggedModel>();
  for (const { path, flavors } of history(tags["mlflow.log-model.history"])) {
    models.set(path, { path, detail: flavors.join(", "), isFolder: true });
  }
  for (const id of modelIds) models.set(id, { path: id, detail: "logged model", isFolder: false });
  return [...models.values()];
}

/** The tag is text that a client wrote: anything may be in it. */
function history(tag: string | undefined): { path: string; flavors: string[] }[] {
  if (tag === undefined) return [];
  let entries: unknown;
  try {
    entries = JSON.parse(tag);
  } catch {
    return [];
  }
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    if (entry === null || typeof entry !== "object") return [];
    const { artifact_path: path, flavors } = entry as Record<string, unknown>;
    if (typeof path !== "string") return [];
    const names = flavors !== null && typeof flavors === "object" ? Object.keys(flavors) : [];
    return [{ path, flavors: names.filter((name) => name !== "python_function") }];
  });
}

export interface PlacedNode extends LineageNode {
  x: number;
  y: number;
}

/**
 * Nodes in columns from left to right: each right of all that lead to it (longest path), and
 * centred in its column.
 */
export function placeLineage(
  { nodes, edges }: Lineage,
  size: { width: number; height: number },
): PlacedNode[] {
  const column = new Map(nodes.map(({ id }) => [id, 0]));
  // At most one column a node: tags are free text, so runs may name each other in a ring.
  for (let round = 0; round < nodes.length; round += 1) {
    let hasMoved = false;
    for (const { from, to } of edges) {
      const wanted = (column.get(from) ?? 0) + 1;
      if (wanted > (column.get(to) ?? 0) && wanted < nodes.length) {
        column.set(to, wanted);
        hasMoved = true;
      }
    }
    if (!hasMoved) break;
  }
  const members = new Map<number, LineageNode[]>();
  for (const node of nodes) {
    const at = column.get(node.id) ?? 0;
    members.set(at, [...(members.get(at) ?? []), node]);
  }
  const tallest = Math.max(0, ...[...members.values()].map((some) => some.length));
  return [...members].flatMap(([at, some]) =>
    some.map((node, row) => ({
      ...node,
      x: at * size.width,
      y: (row + (tallest - some.length) / 2) * size.height,
    })),
  );
}
