import { LineCounter, parseDocument, type Document } from "yaml";

/**
 * The line of a policy that the server's refusal is about, from 1; null where it does not say.
 *
 * The message names a line (it is not YAML), a path such as `$.guards[0].approvals` or a field that no policy
 * has (it is of another form), or the gate or state by its name.
 */
export function lineOfRefusal(text: string, message: string): number | null {
  // The last line that is named is where the problem is; those before say in what.
  const said = [...message.matchAll(/line (\d+), column/g)].at(-1)?.[1];
  if (said !== undefined) return Number(said);
  const unknown = /unknown field `([^`]+)`/.exec(message)?.[1];
  if (unknown !== undefined) return lineOf(text, unknown);
  const named = /'([^']+)'/.exec(message)?.[1];
  if (named !== undefined) return lineOf(text, named);
  const path = /`\$((?:\.\w+|\[\d+\]|\[\.\.\.\])+)`/.exec(message)?.[1];
  return path === undefined ? null : lineOfPath(text, path);
}

function lineOf(text: string, word: string): number | null {
  const pattern = new RegExp(`(?<![\\w-])${word.replaceAll(/[^\w ]/g, "\\$&")}(?![\\w-])`);
  const index = text.split("\n").findIndex((line) => pattern.test(line));
  return index === -1 ? null : index + 1;
}

/** The line of the innermost part of a path that is there; `[...]` stands for a name that is not said. */
function lineOfPath(text: string, path: string): number | null {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const steps = [...path.matchAll(/\.(\w+)|\[(\d+|\.\.\.)\]/g)].map(
    ([, key, index]) => key ?? index,
  );
  const known = steps.includes("...") ? steps.slice(0, steps.indexOf("...")) : steps;
  for (let length = known.length; length > 0; length -= 1) {
    const start = startOf(document, known.slice(0, length));
    if (start !== null) return counter.linePos(start).line;
  }
  return null;
}

function startOf(document: Document, steps: readonly (string | undefined)[]): number | null {
  const keys = steps.map((step) => (/^\d+$/.test(step ?? "") ? Number(step) : step));
  const node: unknown = document.getIn(keys, true);
  const range = (node as { range?: readonly number[] } | undefined)?.range;
  return range?.[0] ?? null;
}
