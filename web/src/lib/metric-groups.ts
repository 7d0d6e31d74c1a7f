export interface MetricGroup {
  /** The part of the keys before the first slash; "" for keys without one. */
  prefix: string;
  keys: string[];
}

const SYSTEM_PREFIX = "system";
/** `layer2` before `layer10`. */
const ORDER = new Intl.Collator("en", { numeric: true });

/**
 * Metric keys by prefix: groups with curves first, then curves without a prefix, then
 * single values, and system metrics last. A prefix that one key has makes no group.
 *
 * @param curves The keys that have more than one point.
 */
export function groupMetrics(keys: readonly string[], curves: ReadonlySet<string>): MetricGroup[] {
  const nOfPrefix = new Map<string, number>();
  for (const key of keys) {
    const prefix = prefixOf(key);
    nOfPrefix.set(prefix, (nOfPrefix.get(prefix) ?? 0) + 1);
  }
  const groups = new Map<string, string[]>();
  for (const key of [...keys].sort(ORDER.compare)) {
    const own = prefixOf(key);
    const prefix = own === SYSTEM_PREFIX || (nOfPrefix.get(own) ?? 0) > 1 ? own : "";
    const group = groups.get(prefix);
    if (group) group.push(key);
    else groups.set(prefix, [key]);
  }
  return [...groups]
    .map(([prefix, members]) => ({ prefix, keys: members }))
    .sort((a, b) => rank(a, curves) - rank(b, curves) || ORDER.compare(a.prefix, b.prefix));
}

function prefixOf(key: string): string {
  const slash = key.indexOf("/");
  return slash > 0 ? key.slice(0, slash) : "";
}

export function isSystemMetric(key: string): boolean {
  return key.startsWith(`${SYSTEM_PREFIX}/`);
}

function rank({ prefix, keys }: MetricGroup, curves: ReadonlySet<string>): number {
  if (prefix === SYSTEM_PREFIX) return 3;
  if (keys.every((key) => !curves.has(key))) return 2;
  return prefix === "" ? 1 : 0;
}
