import { isSystemMetric } from "./metric-groups";

export const RESOURCES = [
  "Processor",
  "Memory",
  "Disk",
  "Network",
  "GPU",
  "Training",
  "Other",
] as const;
export type Resource = (typeof RESOURCES)[number];

export interface ResourceMetrics {
  resource: Resource;
  keys: string[];
}

export interface HostMetrics {
  /** Name of the machine; "" where the run has but one, and does not name it. */
  host: string;
  resources: ResourceMetrics[];
}

const RESOURCE_OF: [pattern: RegExp, resource: Resource][] = [
  [/^gpu_/, "GPU"],
  [/cpu|threads/, "Processor"],
  [/memory/, "Memory"],
  [/disk/, "Disk"],
  [/network/, "Network"],
  [/steps_per_second/, "Training"],
];
const ORDER = new Intl.Collator("en", { numeric: true });

/** System metrics (docs/capture.md) by machine and by what they measure, in the order of `RESOURCES`. */
export function groupSystemMetrics(keys: readonly string[]): HostMetrics[] {
  const hosts = new Map<string, Map<Resource, string[]>>();
  for (const key of keys.filter(isSystemMetric).sort(ORDER.compare)) {
    const [, ...rest] = key.split("/");
    const name = rest.pop() ?? "";
    const host = rest.join("/");
    const resource = RESOURCE_OF.find(([pattern]) => pattern.test(name))?.[1] ?? "Other";
    const resources = hosts.get(host) ?? new Map<Resource, string[]>();
    hosts.set(host, resources);
    resources.set(resource, [...(resources.get(resource) ?? []), key]);
  }
  return [...hosts]
    .sort(([a], [b]) => ORDER.compare(a, b))
    .map(([host, resources]) => ({
      host,
      resources: RESOURCES.flatMap((resource) => {
        const members = resources.get(resource);
        return members === undefined ? [] : [{ resource, keys: members }];
      }),
    }));
}
