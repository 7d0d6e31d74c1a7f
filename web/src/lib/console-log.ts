/** What a program printed, as the client keeps it: parts of whole lines (docs/capture.md). */

import { stripAnsi } from "./ansi";

export type ConsoleStream = "out" | "err";

export interface ConsoleLine {
  /** ms since the epoch, or null where the line has none. */
  time: number | null;
  stream: ConsoleStream;
  text: string;
}

export interface ConsolePart {
  path: string;
  sizeBytes: number;
}

const LINE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) (out|err) (.*)$/s;
const BYTES_PER_LINE = 80;

export function parseConsolePart(text: string): ConsoleLine[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => {
    const match = LINE.exec(line);
    if (match === null) return { time: null, stream: "out", text: line };
    return {
      time: Date.parse(match[1] ?? ""),
      stream: match[2] as ConsoleStream,
      text: match[3] ?? "",
    };
  });
}

export interface SearchedPart {
  nLines: number;
  /** Of its first line, ms since the epoch; null where that has none. */
  firstTime: number | null;
  /** The lines that were found, by their places in the part. */
  found: { at: number; line: ConsoleLine }[];
}

/**
 * The lines of a part that hold a text, in whatever case, without what steers a terminal.
 *
 * Where the part as a whole lacks the text, its lines are only counted: of a million lines most parts are such.
 */
export function searchConsolePart(
  text: string,
  wanted: string,
  stream: ConsoleStream | "all",
): SearchedPart {
  const lower = wanted.toLowerCase();
  const raw = text.endsWith("\n") ? text.slice(0, -1) : text;
  const [first] = parseConsolePart(raw.slice(0, raw.indexOf("\n") + 1) || raw);
  const firstTime = first?.time ?? null;
  if (!stripAnsi(raw).toLowerCase().includes(lower)) {
    return { nLines: countLines(raw), firstTime, found: [] };
  }
  const lines = parseConsolePart(raw);
  const found = lines.flatMap((line, at) =>
    (stream === "all" || line.stream === stream) &&
    stripAnsi(line.text).toLowerCase().includes(lower)
      ? [{ at, line }]
      : [],
  );
  return { nLines: lines.length, firstTime, found };
}

function countLines(text: string): number {
  let n = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) n += 1;
  return n;
}

/** Parts in the order in which they were printed, as far as their first lines are known. */
export function orderParts(
  parts: readonly ConsolePart[],
  firstTimes: ReadonlyMap<string, number>,
): ConsolePart[] {
  // Beyond its limit a log goes round: part 2 is then younger than part 9, which its first line tells.
  const known = parts.every(({ path }) => firstTimes.has(path));
  return [...parts].sort((a, b) =>
    known
      ? (firstTimes.get(a.path) ?? 0) - (firstTimes.get(b.path) ?? 0)
      : a.path < b.path
        ? -1
        : 1,
  );
}

export interface PlacedPart {
  path: string;
  sizeBytes: number;
  firstLine: number;
  nLines: number;
  /** False while the number of lines is an estimate from the size. */
  isExact: boolean;
}

/** Where each part begins among all lines; parts that were not read yet are estimated. */
export function placeParts(
  parts: readonly ConsolePart[],
  lineCounts: ReadonlyMap<string, number>,
): PlacedPart[] {
  let nBytes = 0;
  let nKnown = 0;
  for (const { path, sizeBytes } of parts) {
    const count = lineCounts.get(path);
    if (count === undefined) continue;
    nBytes += sizeBytes;
    nKnown += count;
  }
  const bytesPerLine = nKnown === 0 ? BYTES_PER_LINE : Math.max(1, nBytes / nKnown);
  let firstLine = 0;
  return parts.map(({ path, sizeBytes }) => {
    const exact = lineCounts.get(path);
    const nLines = exact ?? Math.max(1, Math.round(sizeBytes / bytesPerLine));
    const placed = { path, sizeBytes, firstLine, nLines, isExact: exact !== undefined };
    firstLine += nLines;
    return placed;
  });
}

/** The part that has a line; parts are in order. */
export function partAt(parts: readonly PlacedPart[], line: number): PlacedPart | undefined {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((parts[middle]?.firstLine ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return parts[low];
}
