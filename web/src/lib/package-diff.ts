import type { LockedPackage } from "./requirements";

export interface PackageChange {
  name: string;
  /** "" where it is not installed. */
  before: string;
  after: string;
}

/** Packages that two environments do not have in common in the same version, by name. */
export function diffPackages(
  before: readonly LockedPackage[],
  after: readonly LockedPackage[],
): PackageChange[] {
  const [a, b] = [versionsOf(before), versionsOf(after)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .sort()
    .map((name) => ({ name, before: a.get(name) ?? "", after: b.get(name) ?? "" }))
    .filter((change) => change.before !== change.after);
}

function versionsOf(packages: readonly LockedPackage[]): Map<string, string> {
  return new Map(packages.map(({ name, version }) => [name.toLowerCase(), version]));
}
