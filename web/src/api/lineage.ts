import { queryOptions } from "@tanstack/react-query";

import { get } from "./http";
import { REGISTRY } from "./registry";
import type { Lineage } from "./schema";

/** What a version came from and came to: dataset, run, logged model, version, alias. */
export function getVersionLineage(name: string, version: string) {
  return queryOptions({
    queryKey: ["registry", "lineage", name, version],
    queryFn: async ({ signal }) => {
      const found = await get<Lineage>(`${REGISTRY}/lineage`, { name, version }, signal);
      return { nodes: found.nodes ?? [], edges: found.edges ?? [] };
    },
  });
}
