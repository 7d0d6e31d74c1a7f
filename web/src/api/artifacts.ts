import { queryOptions } from "@tanstack/react-query";

import { sortEntries, type TreeEntry } from "@/lib/artifact-rows";

import { ApiError, fetchBytes, get, serverUrl } from "./http";
import type { ArtifactsPage, FileInfo } from "./schema";

/** A file or folder of a run, by its path within the run; a folder has no size. */
export type Artifact = TreeEntry;

export interface Folder {
  artifacts: Artifact[];
  /** True if there are further pages. */
  hasMore: boolean;
}

/** The first pages of a folder's content; "" is the root. */
export function listFolder(runId: string, path: string, nPages: number) {
  return queryOptions({
    queryKey: ["artifacts", runId, "folder", path, nPages],
    queryFn: async ({ signal }): Promise<Folder> => {
      const artifacts: Artifact[] = [];
      let token = "";
      for (let page = 0; page < nPages && (page === 0 || token !== ""); page += 1) {
        const found = await fetchPage(runId, path, token, signal);
        artifacts.push(...found.artifacts);
        token = found.nextPageToken ?? "";
      }
      return { artifacts: sortEntries(artifacts), hasMore: token !== "" };
    },
  });
}

/** The first page of a folder, folders first; all of it in any but a huge one. */
export function listArtifacts(runId: string, path: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, "list", path],
    queryFn: async ({ signal }): Promise<Artifact[]> => {
      const { artifacts } = await fetchPage(runId, path, "", signal);
      return sortEntries(artifacts);
    },
  });
}

export function artifactUrl(runId: string, path: string): string {
  return serverUrl("get-artifact", { run_id: runId, path });
}

/** How many bytes a file has. */
export function getArtifactSize(runId: string, path: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, "size", path],
    queryFn: async ({ signal }) => {
      const response = await fetchBytes(artifactUrl(runId, path), { method: "HEAD", signal });
      return Number(response.headers.get("content-length") ?? 0);
    },
  });
}

/** A file as text; of a longer one than `limitBytes` its beginning. */
export function getArtifactText(runId: string, path: string, limitBytes?: number) {
  return queryOptions({
    queryKey: ["artifacts", runId, "text", path, limitBytes ?? null],
    queryFn: async ({ signal }) => {
      const headers: HeadersInit =
        limitBytes === undefined ? {} : { Range: `bytes=0-${limitBytes - 1}` };
      const response = await fetchBytes(artifactUrl(runId, path), { signal, headers });
      return response.text();
    },
  });
}

/** The same, and null where there is no such file. */
export function getArtifactTextIfAny(runId: string, path: string) {
  const { queryKey } = getArtifactText(runId, path);
  return queryOptions({
    queryKey: [...queryKey, "if any"],
    queryFn: ({ client }) => ifAny(client.fetchQuery(getArtifactText(runId, path))),
  });
}

export function getArtifactSizeIfAny(runId: string, path: string) {
  const { queryKey } = getArtifactSize(runId, path);
  return queryOptions({
    queryKey: [...queryKey, "if any"],
    queryFn: ({ client }) => ifAny(client.fetchQuery(getArtifactSize(runId, path))),
  });
}

async function ifAny<T>(wanted: Promise<T>): Promise<T | null> {
  try {
    return await wanted;
  } catch (error) {
    if (error instanceof ApiError && error.isNotFound) return null;
    throw error;
  }
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

/** Some bytes of a file, from `start` up to `end`, that one not included. */
export async function readArtifactRange(
  runId: string,
  path: string,
  start: number,
  end: number,
): Promise<ArrayBuffer> {
  const response = await fetchBytes(artifactUrl(runId, path), {
    headers: { Range: `bytes=${start}-${end - 1}` },
  });
  return response.arrayBuffer();
}

/** Where the server's own store keeps a run's files; null where the server hands none through. */
export function ownFolder(artifactUri: string): string | null {
  const match = /^mlflow-artifacts:(?:\/\/[^/]*)?\/+(.+?)\/*$/.exec(artifactUri);
  return match?.[1] ?? null;
}

export async function putArtifact(folder: string, path: string, content: Blob): Promise<void> {
  await fetchBytes(ownUrl(folder, path), { method: "PUT", body: content });
}

/** Deletes a file, or a folder with all below, for good. */
export async function deleteArtifact(folder: string, path: string): Promise<void> {
  await fetchBytes(ownUrl(folder, path), { method: "DELETE" });
}

function ownUrl(folder: string, path: string): string {
  const segments = `${folder}/${path}`.split("/").map(encodeURIComponent).join("/");
  return serverUrl(`api/2.0/mlflow-artifacts/artifacts/${segments}`);
}

async function fetchPage(runId: string, path: string, token: string, signal: AbortSignal) {
  const query = { run_id: runId, path, ...(token === "" ? {} : { page_token: token }) };
  const answer = await get<ArtifactsPage>("api/2.0/mlflow/artifacts/list", query, signal);
  return {
    artifacts: (answer.files ?? []).map(parseFile),
    nextPageToken: answer.next_page_token ?? null,
  };
}

function parseFile(file: FileInfo): Artifact {
  return {
    path: file.path,
    name: file.path.slice(file.path.lastIndexOf("/") + 1),
    isFolder: file.is_dir,
    sizeBytes: file.is_dir ? null : (file.file_size ?? null),
  };
}
