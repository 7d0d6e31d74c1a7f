import { describe, expect, it } from "vitest";

import { nestRuns } from "./run-tree";

const run = (id: string, parentId: string | null = null) => ({ id, parentId });
const shape = (nodes: ReturnType<typeof nestRuns>) =>
  nodes.map((node) => `${"  ".repeat(node.depth)}${node.run.id}`);

describe("nestRuns", () => {
  it("puts children under their parent, in the order of the list", () => {
    const nodes = nestRuns([run("b", "p"), run("x"), run("a", "p"), run("p")], new Set());

    expect(shape(nodes)).toEqual(["p", "  b", "  a", "x"]);
  });

  it("nests at any depth and counts all below", () => {
    const nodes = nestRuns([run("p"), run("c", "p"), run("g", "c")], new Set());

    expect(shape(nodes)).toEqual(["p", "  c", "    g"]);
    expect(nodes[0]?.nDescendants).toBe(2);
  });

  it("hides what is below a closed run, and still counts it", () => {
    const nodes = nestRuns([run("p"), run("c", "p"), run("g", "c")], new Set(["p"]));

    expect(shape(nodes)).toEqual(["p"]);
    expect(nodes[0]).toMatchObject({ nDescendants: 2, isOpen: false });
  });

  it("shows a run whose parent is not in the list as a root", () => {
    expect(shape(nestRuns([run("c", "elsewhere")], new Set()))).toEqual(["c"]);
  });

  it("shows runs that name each other as parents", () => {
    expect(
      shape(nestRuns([run("a", "b"), run("b", "a"), run("c", "c")], new Set())).sort(),
    ).toEqual(["a", "b", "c"]);
  });
});
