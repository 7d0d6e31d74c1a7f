import { useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";

import { getConsolePart, listConsoleParts } from "@/api/console";
import {
  orderParts,
  partAt,
  placeParts,
  type ConsoleLine,
  type PlacedPart,
} from "@/lib/console-log";

import { partKey, useConsoleSearch, type ConsoleSearch } from "./use-console-search";

export interface NumberedLine {
  /** From 0, among all lines of the log. */
  index: number;
  /** undefined until its part was read. */
  line: ConsoleLine | undefined;
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
}

/** Parts that are read although they are out of view. */
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
  const searched = useConsoleSearch(runId, isSearching ? (listing.data ?? null) : null, search);

  const placed = useMemo(() => {
    const parts = listing.data ?? [];
    const firstTimes = new Map<string, number>();
    const counts = new Map<string, number>();
    for (const part of parts) {
      const lines = read.get(part.path);
      const found = searched.parts.get(partKey(part));
      const time = lines?.[0]?.time ?? found?.firstTime;
      const count = found?.nLines ?? lines?.length;
      if (time !== null && time !== undefined) firstTimes.set(part.path, time);
      if (count !== undefined) counts.set(part.path, count);
    }
    return placeParts(orderParts(parts, firstTimes), counts);
  }, [listing.data, read, searched.parts]);

  const wanted = isSearching ? [] : around(placed, view.first, view.last);
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
    return placed.flatMap((part) =>
      (searched.parts.get(partKey(part))?.found ?? []).map(({ at, line }): NumberedLine => ({
        index: part.firstLine + at,
        line,
      })),
    );
  }, [isSearching, placed, searched.parts]);

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
    error: listing.error ?? answers.error ?? searched.error,
    retry: () => {
      void listing.refetch();
      searched.retry();
    },
    count: found === null ? total : found.length,
    total,
    lineAt,
    onView: useCallback(
      (first: number, final: number) =>
        setView((before) =>
          first === before.first && final === before.last ? before : { first, last: final },
        ),
      [],
    ),
    nParts: placed.length,
    nRead: isSearching ? searched.parts.size : placed.filter(({ isExact }) => isExact).length,
    isSearching,
  };
}

function around(placed: readonly PlacedPart[], first: number, last: number): PlacedPart[] {
  const from = placed.findIndex((part) => part.firstLine + part.nLines > first);
  if (from === -1) return placed.slice(-1 - NEIGHBOURS);
  const after = placed.findIndex((part) => part.firstLine > last);
  const to = after === -1 ? placed.length : after;
  return placed.slice(Math.max(0, from - NEIGHBOURS), to + NEIGHBOURS);
}
