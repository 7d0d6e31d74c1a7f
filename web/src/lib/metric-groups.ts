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
 * single values, and system metrics last.
 *
 * @param curves The keys that have more than one point.
 */
export function groupMetrics(keys: readonly string[], curves: ReadonlySet<string>): MetricGroup[] {
  const groups = new Map<string, string[]>();
  for (const key of [...keys].sort(ORDER.compare)) {
    const slash = key.indexOf("/");
    const prefix = slash > 0 ? key.slice(0, slash) : "";
    const group = groups.get(prefix);
    if (group) group.push(key);
    else groups.set(prefix, [key]);
  }
  return [...groups]
    .map(([prefix, members]) => ({ prefix, keys: members }))
    .sort((a, b) => rank(a, curves) - rank(b, curves) || ORDER.compare(a.prefix, b.prefix));
}

export function isSystemMetric(key: string): boolean {
  return key.startsWith(`${SYSTEM_PREFIX}/`);
}

function rank({ prefix, keys }: MetricGroup, curves: ReadonlySet<string>): number {
  if (prefix === SYSTEM_PREFIX) return 3;
  if (keys.every((key) => !curves.has(key))) return 2;
  return prefix === "" ? 1 : 0;
}
