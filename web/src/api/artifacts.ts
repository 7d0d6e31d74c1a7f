import { queryOptions } from "@tanstack/react-query";

import { fetchBytes, get, serverUrl } from "./http";
import type { ArtifactsPage, FileInfo } from "./schema";

/** A file or folder of a run, by its path within the run. */
export interface Artifact {
  path: string;
  name: string;
  isFolder: boolean;
  /** null for a folder, or where the store does not say. */
  sizeBytes: number | null;
}

/** One folder's content, folders first; "" is the root. */
export function listArtifacts(runId: string, path: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, "list", path],
    queryFn: async ({ signal }): Promise<Artifact[]> => {
      const answer = await get<ArtifactsPage>(
        "api/2.0/mlflow/artifacts/list",
        { run_id: runId, path },
        signal,
      );
      return (answer.files ?? [])
        .map(parseFile)
        .sort(
          (a, b) =>
            Number(b.isFolder) - Number(a.isFolder) ||
            a.name.localeCompare(b.name, "en", { numeric: true }),
        );
    },
  });
}

export function artifactUrl(runId: string, path: string): string {
  return serverUrl("get-artifact", { run_id: runId, path });
}

export function getArtifactText(runId: string, path: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, "text", path],
    queryFn: async ({ signal }) => {
      const response = await fetchBytes(artifactUrl(runId, path), { signal });
      return response.text();
    },
  });
}

export function getArtifactBytes(runId: string, path: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, "bytes", path],
    queryFn: async ({ signal }) => {
      const response = await fetchBytes(artifactUrl(runId, path), { signal });
      return response.arrayBuffer();
    },
  });
}

function parseFile(file: FileInfo): Artifact {
  return {
    path: file.path,
    name: file.path.slice(file.path.lastIndexOf("/") + 1),
    isFolder: file.is_dir,
    sizeBytes: file.is_dir ? null : (file.file_size ?? null),
  };
}
