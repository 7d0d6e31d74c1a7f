import { expect, it } from "vitest";

import { parseUnifiedDiff } from "./unified-diff";

const PATCH = `diff --git a/train.py b/train.py
index 1111111..2222222 100644
--- a/train.py
+++ b/train.py
@@ -1,3 +1,4 @@ import os
 import torch
-lr = 0.1
+lr = 0.01
+decay = 0.9
 epochs = 3
\\ No newline at end of file
diff --git a/old name.py b/new name.py
similarity index 100%
rename from old name.py
rename to new name.py
diff --git a/notes.md b/notes.md
new file mode 100644
--- /dev/null
+++ b/notes.md
@@ -0,0 +1 @@
+--- a list
diff --git a/a.png b/a.png
Binary files a/a.png and b/a.png differ
`;

it("reads files, their changes and the numbers of their lines", () => {
  const [train, moved, notes, image, ...rest] = parseUnifiedDiff(PATCH);

  expect(rest).toEqual([]);
  expect(train).toMatchObject({ path: "train.py", change: "changed", nAdded: 2, nRemoved: 1 });
  expect(train!.lines.map(({ kind, before, after }) => [kind, before, after])).toEqual([
    ["hunk", null, null],
    ["context", 1, 1],
    ["removed", 2, null],
    ["added", null, 2],
    ["added", null, 3],
    ["context", 3, 4],
  ]);
  expect(moved).toMatchObject({ path: "new name.py", movedFrom: "old name.py", change: "moved" });
  expect(notes).toMatchObject({ path: "notes.md", change: "added", nAdded: 1 });
  expect(image).toMatchObject({ path: "a.png", change: "binary" });
});

it("finds no files in a text that is no patch", () => {
  expect(parseUnifiedDiff("# nothing\nto see")).toEqual([]);
});
