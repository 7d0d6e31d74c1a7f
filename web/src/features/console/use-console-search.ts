import { useCallback, useEffect, useRef, useState } from "react";

import { readConsolePart } from "@/api/console";
import {
  searchConsolePart,
  type ConsolePart,
  type ConsoleStream,
  type SearchedPart,
} from "@/lib/console-log";

export interface ConsoleSearch {
  text: string;
  stream: ConsoleStream | "all";
}

interface Searched {
  /** What was searched for. */
  key: string;
  /** By the parts' paths and sizes. */
  parts: ReadonlyMap<string, SearchedPart>;
  error: Error | null;
}

/** A browser opens no more connections to one server. */
const N_AT_ONCE = 6;
const TELL_EVERY_MS = 150;
/** Between two breaths of the page. */
const WORK_MS = 10;
const NO_PARTS: ReadonlyMap<string, SearchedPart> = new Map();

export function partKey({ path, sizeBytes }: ConsolePart): string {
  return `${path} ${sizeBytes}`;
}

/**
 * What is found in the parts of a log, as they are read one after the other.
 *
 * Kept are the texts of all parts, so that the next search asks the server for nothing, and of their lines only
 * those that were found: a million lines as objects are 250 MB.
 *
 * @param parts null while nothing is searched.
 */
export function useConsoleSearch(
  runId: string,
  parts: readonly ConsolePart[] | null,
  { text, stream }: ConsoleSearch,
): Searched & { retry: () => void } {
  const key = JSON.stringify([text, stream]);
  const [searched, setSearched] = useState<Searched>({ key, parts: NO_PARTS, error: null });
  const texts = useRef(new Map<string, string>());
  const known = useRef(searched);
  const stopLast = useRef<() => void>(undefined);

  const run = useCallback(() => {
    stopLast.current?.();
    if (parts === null) return;
    const before = known.current.key === key ? known.current.parts : NO_PARTS;
    const found = new Map(before);
    const waiting = parts.filter((part) => !found.has(partKey(part)));
    if (waiting.length === 0) return;
    const stop = new AbortController();
    stopLast.current = () => stop.abort();
    const tell = (error: Error | null) => {
      known.current = { key, parts: new Map(found), error };
      setSearched(known.current);
    };
    let busySince = performance.now();
    let toldAt = 0;
    const work = async () => {
      for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
        const name = partKey(part);
        const content =
          texts.current.get(name) ?? (await readConsolePart(runId, part.path, stop.signal));
        if (stop.signal.aborted) return;
        texts.current.set(name, content);
        found.set(name, searchConsolePart(content, text, stream));
        const now = performance.now();
        if (now - toldAt > TELL_EVERY_MS) {
          tell(null);
          toldAt = now;
        }
        if (now - busySince > WORK_MS) {
          await new Promise((resolve) => setTimeout(resolve));
          busySince = performance.now();
        }
      }
    };
    Promise.all(Array.from({ length: N_AT_ONCE }, work)).then(
      () => stop.signal.aborted || tell(null),
      (error: Error) => stop.signal.aborted || tell(error),
    );
  }, [runId, parts, key, text, stream]);
  useEffect(() => {
    run();
    return () => stopLast.current?.();
  }, [run]);

  const current = searched.key === key ? searched : { key, parts: NO_PARTS, error: null };
  return { ...current, retry: run };
}
