import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { getConsolePart, listConsoleParts } from "@/api/console";
import {
  orderParts,
  partAt,
  placeParts,
  type ConsoleLine,
  type ConsoleStream,
  type PlacedPart,
} from "@/lib/console-log";

export interface NumberedLine {
  /** From 0, among all lines of the log. */
  index: number;
  /** undefined until its part was read. */
  line: ConsoleLine | undefined;
}

export interface ConsoleSearch {
  text: string;
  stream: ConsoleStream | "all";
}

interface ConsoleLines {
  isPending: boolean;
  error: Error | null;
  retry: () => void;
  /** How many lines are shown. */
  count: number;
  /** How many there are, as far as is known. */
  total: number;
  lineAt: (at: number) => NumberedLine;
  /** Says which lines are in view, so that they are read. */
  onView: (first: number, last: number) => void;
  nParts: number;
  nRead: number;
  isSearching: boolean;
  /** Changes when lines are added at the end. */
  version: string;
}

/** Parts that are kept in memory although they are out of view. */
const NEIGHBOURS = 1;

/**
 * The lines of a console log: the parts in view are read, all of them where something is searched.
 */
export function useConsoleLines(
  runId: string,
  folder: string,
  search: ConsoleSearch,
): ConsoleLines {
  const listing = useQuery(listConsoleParts(runId, folder));
  const [view, setView] = useState({ first: 0, last: 60 });
  const isSearching = search.text !== "" || search.stream !== "all";
  const [read, setRead] = useState<ReadonlyMap<string, readonly ConsoleLine[]>>(new Map());

  const { placed, sizes } = useMemo(() => {
    const parts = listing.data ?? [];
    const firstTimes = new Map(
      [...read].flatMap(([path, lines]) => {
        const time = lines[0]?.time;
        return time === null || time === undefined ? [] : [[path, time] as const];
      }),
    );
    const counts = new Map([...read].map(([path, lines]) => [path, lines.length]));
    return {
      placed: placeParts(orderParts(parts, firstTimes), counts),
      sizes: new Map(parts.map(({ path, sizeBytes }) => [path, sizeBytes])),
    };
  }, [listing.data, read]);

  const wanted = isSearching ? placed : around(placed, view.first, view.last);
  const answers = useQueries({
    queries: wanted.map((part) => getConsolePart(runId, part)),
    combine: (results) => ({
      error: results.find((result) => result.error)?.error ?? null,
      lines: results.map((result) => result.data),
    }),
  });

  // What was read stays while the person scrolls: its number of lines holds the others in place.
  const news = wanted.flatMap(({ path }, at) => {
    const lines = answers.lines[at];
    return lines === undefined || read.get(path) === lines ? [] : [[path, lines] as const];
  });
  if (news.length > 0) setRead(new Map([...read, ...news]));

  const found = useMemo(() => {
    if (!isSearching) return null;
    const text = search.text.toLowerCase();
    return placed.flatMap(({ path, firstLine }) =>
      (read.get(path) ?? []).flatMap((line, at) =>
        (search.stream === "all" || line.stream === search.stream) &&
        line.text.toLowerCase().includes(text)
          ? [{ index: firstLine + at, line }]
          : [],
      ),
    );
  }, [isSearching, search.text, search.stream, placed, read]);

  const last = placed.at(-1);
  const total = last === undefined ? 0 : last.firstLine + last.nLines;
  const lineAt = (at: number): NumberedLine => {
    if (found !== null) return found[at] ?? { index: at, line: undefined };
    const part = partAt(placed, at);
    const lines = part === undefined ? undefined : read.get(part.path);
    return { index: at, line: lines?.[at - (part?.firstLine ?? 0)] };
  };

  return {
    isPending: listing.isPending,
    error: listing.error ?? answers.error,
    retry: () => void listing.refetch(),
    count: found === null ? total : found.length,
    total,
    lineAt,
    onView: (first, final) => {
      if (first !== view.first || final !== view.last) setView({ first, last: final });
    },
    nParts: placed.length,
    nRead: placed.filter(({ isExact }) => isExact).length,
    isSearching,
    version: `${last?.path} ${last === undefined ? 0 : sizes.get(last.path)} ${last?.isExact}`,
  };
}

function around(placed: readonly PlacedPart[], first: number, last: number): PlacedPart[] {
  const from = placed.findIndex((part) => part.firstLine + part.nLines > first);
  if (from === -1) return placed.slice(-1 - NEIGHBOURS);
  const after = placed.findIndex((part) => part.firstLine > last);
  const to = after === -1 ? placed.length : after;
  return placed.slice(Math.max(0, from - NEIGHBOURS), to + NEIGHBOURS);
}
