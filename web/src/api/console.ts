import { queryOptions } from "@tanstack/react-query";

import { parseConsolePart, type ConsolePart } from "@/lib/console-log";

import { artifactUrl, listArtifacts } from "./artifacts";
import { fetchBytes } from "./http";

/** What one process printed during a run; a run that was resumed has several. */
export interface ConsoleSession {
  /** Folder among the run's artifacts. */
  folder: string;
  /** When the run was resumed, ms since the epoch; null for its beginning. */
  resumedAt: number | null;
}

const FOLDER = "fluvial";
const SESSION = /\/session-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/;

/** The sessions with console output, oldest first. */
export function listConsoleSessions(runId: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, "sessions"],
    queryFn: async ({ client }): Promise<ConsoleSession[]> => {
      const list = (path: string) =>
        client.fetchQuery({ ...listArtifacts(runId, path), staleTime: 0 });
      const captured = await list(FOLDER);
      const places = [
        FOLDER,
        ...captured.flatMap(({ path }) => (SESSION.test(path) ? [path] : [])),
      ];
      const found = await Promise.all(
        places.map(async (place) => {
          const inside = place === FOLDER ? captured : await list(place);
          return inside.some(({ name, isFolder }) => isFolder && name === "console") ? [place] : [];
        }),
      );
      return found
        .flat()
        .map((place) => ({ folder: `${place}/console`, resumedAt: resumedAt(place) }));
    },
  });
}

export function listConsoleParts(runId: string, folder: string) {
  return queryOptions({
    ...listArtifacts(runId, folder),
    select: (artifacts): ConsolePart[] =>
      artifacts.flatMap(({ path, sizeBytes }) =>
        path.endsWith(".log") ? [{ path, sizeBytes: sizeBytes ?? 0 }] : [],
      ),
  });
}

/** The lines of a part; its size tells one state of a growing part from the next. */
export function getConsolePart(runId: string, { path, sizeBytes }: ConsolePart) {
  return queryOptions({
    queryKey: ["artifacts", runId, "text", path, sizeBytes],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => parseConsolePart(await readConsolePart(runId, path, signal)),
  });
}

export async function readConsolePart(
  runId: string,
  path: string,
  signal: AbortSignal,
): Promise<string> {
  const response = await fetchBytes(artifactUrl(runId, path), { signal });
  return response.text();
}

function resumedAt(place: string): number | null {
  const parts = SESSION.exec(place)?.slice(1).map(Number);
  if (parts === undefined) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
