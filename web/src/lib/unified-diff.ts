/** What `git diff` prints, file by file. */

export interface DiffLine {
  kind: "context" | "added" | "removed" | "hunk";
  text: string;
  /** Line in the file before, or null where it was not there. */
  before: number | null;
  after: number | null;
}

export interface FileDiff {
  path: string;
  /** Where it was moved from, if it was. */
  movedFrom: string | null;
  change: "changed" | "added" | "deleted" | "moved" | "binary";
  nAdded: number;
  nRemoved: number;
  lines: DiffLine[];
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The files of a patch; a text that is none has no files. */
export function parseUnifiedDiff(patch: string): FileDiff[] {
  const files: FileDiff[] = [];
  let file: FileDiff | undefined;
  let before = 0;
  let after = 0;
  let nBeforeLeft = 0;
  let nAfterLeft = 0;

  for (const text of patch.split("\n")) {
    if (nBeforeLeft > 0 || nAfterLeft > 0) {
      const line = file === undefined ? null : bodyLine(text, before, after);
      if (file !== undefined && line !== null) {
        file.lines.push(line);
        if (line.before !== null) {
          before += 1;
          nBeforeLeft -= 1;
        }
        if (line.after !== null) {
          after += 1;
          nAfterLeft -= 1;
        }
        if (line.kind === "added") file.nAdded += 1;
        if (line.kind === "removed") file.nRemoved += 1;
        continue;
      }
      if (text.startsWith("\\")) continue; // "\ No newline at end of file"
    }
    if (text.startsWith("diff --git ")) {
      file = begun(text);
      files.push(file);
      nBeforeLeft = nAfterLeft = 0;
    } else if (file !== undefined) {
      const hunk = HUNK.exec(text);
      if (hunk === null) readHead(file, text);
      else {
        before = Number(hunk[1]);
        after = Number(hunk[3]);
        nBeforeLeft = Number(hunk[2] ?? 1);
        nAfterLeft = Number(hunk[4] ?? 1);
        file.lines.push({ kind: "hunk", text, before: null, after: null });
      }
    }
  }
  return files;
}

function bodyLine(text: string, before: number, after: number): DiffLine | null {
  const rest = text.slice(1);
  if (text.startsWith("+")) return { kind: "added", text: rest, before: null, after };
  if (text.startsWith("-")) return { kind: "removed", text: rest, before, after: null };
  // An editor may have stripped the blank of an empty line.
  if (text.startsWith(" ") || text === "") return { kind: "context", text: rest, before, after };
  return null;
}

function begun(head: string): FileDiff {
  // The two paths are the same but for their prefix unless the file was moved, which a later line says.
  const both = head.slice("diff --git ".length);
  const path = both.slice(both.length / 2 + 1).replace(/^ ?b\//, "");
  return { path, movedFrom: null, change: "changed", nAdded: 0, nRemoved: 0, lines: [] };
}

function readHead(file: FileDiff, text: string): void {
  const after = (prefix: string) => (text.startsWith(prefix) ? text.slice(prefix.length) : null);
  const movedFrom = after("rename from ");
  if (movedFrom !== null) {
    file.movedFrom = movedFrom;
    file.change = "moved";
  }
  file.path = after("rename to ") ?? after("+++ b/") ?? file.path;
  if (text.startsWith("new file")) file.change = "added";
  if (text.startsWith("deleted file")) file.change = "deleted";
  if (text.startsWith("Binary files") || text.startsWith("GIT binary")) file.change = "binary";
}
