import { expect, it } from "vitest";

import { foldersAbove, sortEntries, treeRows, type FolderState } from "./artifact-rows";

const file = (path: string) => ({
  path,
  name: path.slice(path.lastIndexOf("/") + 1),
  isFolder: false,
  sizeBytes: 1,
});
const folder = (path: string) => ({ ...file(path), isFolder: true, sizeBytes: null });
const state = (entries: FolderState["entries"], more: Partial<FolderState> = {}): FolderState => ({
  entries,
  hasMore: false,
  error: null,
  isPending: false,
  ...more,
});

it("puts the content of open folders below them", () => {
  const rows = treeRows(
    new Map([
      ["", state([folder("a"), folder("b"), file("c")])],
      ["a", state([file("a/1")], { hasMore: true })],
      ["b", state([], { isPending: true })],
    ]),
  );

  expect(rows.map(({ id, depth }) => `${depth} ${id}`)).toEqual([
    "0 a",
    "1 a/1",
    "1 more a",
    "0 b",
    "1 wait b",
    "0 c",
  ]);
});

it("names the folders above a file", () => {
  expect(foldersAbove("a/b/c.txt")).toEqual(["a", "a/b"]);
  expect(foldersAbove("c.txt")).toEqual([]);
});

it("sorts folders first and numbers as people do", () => {
  expect(sortEntries([file("s10"), file("s2"), folder("z")]).map(({ name }) => name)).toEqual([
    "z",
    "s2",
    "s10",
  ]);
});
