import { expect, it } from "vitest";

import { inFolders } from "./experiment-folders";

const shown = (names: string[], closed: string[] = []) =>
  inFolders(names, (name) => name, new Set(closed)).map((line) => {
    const title = line.kind === "folder" ? `${line.title}/ ${line.all.length}` : line.title;
    return "  ".repeat(line.depth) + title;
  });

it("puts experiments into folders, which stand where their first members stood", () => {
  expect(shown(["vision/seg/unet", "alone", "vision/det", "vision/seg/sam"])).toEqual([
    "vision/ 3",
    "  seg/ 2",
    "    unet",
    "    sam",
    "  det",
    "alone",
  ]);
});

it("hides what is in closed folders", () => {
  expect(shown(["a/b/c", "a/d"], ["a/b"])).toEqual(["a/ 2", "  b/ 1", "  d"]);
  expect(shown(["a/b/c", "a/d"], ["a"])).toEqual(["a/ 2"]);
});

it("makes no folders of nothing", () => {
  expect(shown(["/x", "y/", "/"])).toEqual(["x", "y/ 1", "  y/", "/"]);
});
