import { useQueries } from "@tanstack/react-query";
import { parse } from "yaml";

import { getLoggedModel, getVersionFileText } from "@/api/logged-models";
import { getVersion } from "@/api/registry";
import { getRun } from "@/api/runs";
import type { ComparedVersion } from "@/lib/version-facts";

/** What is compared of some versions; null until all of it is there. */
export function useComparedVersions(
  name: string,
  versions: readonly string[],
): ComparedVersion[] | null {
  const found = useQueries({ queries: versions.map((version) => getVersion(name, version)) });
  const models = useQueries({
    queries: found.map(({ data }) => getLoggedModel(data?.modelId ?? "")),
  });
  const runs = useQueries({
    queries: found.map(({ data }) => ({
      ...getRun(data?.runId ?? ""),
      enabled: data !== undefined && data.runId !== "",
    })),
  });
  const files = (path: string) =>
    versions.map((version) => getVersionFileText(name, version, path));
  const described = useQueries({ queries: files("MLmodel") });
  const requirements = useQueries({ queries: files("requirements.txt") });

  const all = [...found, ...models, ...runs, ...described, ...requirements];
  if (all.some(({ isLoading }) => isLoading)) return null;
  return versions.map((_, at) => {
    const [model, run] = [models[at]?.data, runs[at]?.data];
    const ofRun = Object.entries(run?.metrics ?? {}).map(([key, { value }]) => [key, value]);
    return {
      metrics: model?.metrics ?? (Object.fromEntries(ofRun) as Record<string, number>),
      params: model?.params ?? run?.params ?? {},
      model: readYaml(described[at]?.data ?? ""),
      requirements: requirements[at]?.data ?? "",
    };
  });
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null; // what is no YAML says nothing
  }
}
