import { queryOptions } from "@tanstack/react-query";

import { sortEntries, type TreeEntry } from "@/lib/artifact-rows";

import { ApiError, fetchBytes, get, serverUrl } from "./http";
import { parseNumber } from "./number";
import type { LoggedModelArtifacts, OneLoggedModel } from "./schema";

/** A model that a run made, with what was logged to it. */
export interface LoggedModel {
  id: string;
  name: string;
  experimentId: string;
  runId: string;
  type: string;
  createdAt: number;
  params: Record<string, string>;
  /** The last value of each metric, over all datasets. */
  metrics: Record<string, number>;
  tags: Record<string, string>;
}

const AT = "api/2.0/mlflow/logged-models";

export function getLoggedModel(modelId: string) {
  return queryOptions({
    queryKey: ["models", "one", modelId],
    enabled: modelId !== "",
    queryFn: async ({ signal }): Promise<LoggedModel> => {
      const { model } = await get<OneLoggedModel>(`${AT}/${modelId}`, {}, signal);
      const { info, data } = model;
      return {
        id: info.model_id,
        name: info.name,
        experimentId: info.experiment_id,
        runId: info.source_run_id,
        type: info.model_type,
        createdAt: info.creation_timestamp_ms,
        params: Object.fromEntries((data.params ?? []).map(({ key, value }) => [key, value ?? ""])),
        metrics: Object.fromEntries(
          (data.metrics ?? []).map(({ key, value }) => [key, parseNumber(value)]),
        ),
        tags: Object.fromEntries((info.tags ?? []).map(({ key, value }) => [key, value ?? ""])),
      };
    },
  });
}

/** One level of a logged model's files, folders first. */
export function listModelFiles(modelId: string, path = "") {
  return queryOptions({
    queryKey: ["models", "files", modelId, path],
    enabled: modelId !== "",
    queryFn: async ({ signal }): Promise<TreeEntry[]> => {
      const query: Record<string, string> = path === "" ? {} : { artifact_directory_path: path };
      const at = `${AT}/${modelId}/artifacts/directories`;
      const found = await get<LoggedModelArtifacts>(at, query, signal);
      return sortEntries(
        (found.files ?? []).map(({ path: file, is_dir: isFolder, file_size: size }) => ({
          path: file,
          name: file.split("/").at(-1) ?? file,
          isFolder: isFolder ?? false,
          sizeBytes: isFolder ? null : (size ?? null),
        })),
      );
    },
  });
}

export function versionFileUrl(name: string, version: string, path: string): string {
  return serverUrl("model-versions/get-artifact", { name, version, path });
}

/** A file of a version as text, null where there is none of this name. */
export function getVersionFileText(name: string, version: string, path: string) {
  return queryOptions({
    queryKey: ["models", "text", name, version, path],
    queryFn: async ({ signal }): Promise<string | null> => {
      try {
        const response = await fetchBytes(versionFileUrl(name, version, path), { signal });
        return await response.text();
      } catch (error) {
        if (error instanceof ApiError && error.isNotFound) return null;
        throw error;
      }
    },
  });
}
