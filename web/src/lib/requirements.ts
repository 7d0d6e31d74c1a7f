export interface LockedPackage {
  name: string;
  /** A version, or where it was installed from. */
  version: string;
}

/** The packages of a `requirements.lock` as the client keeps it: `name==version` or `name @ origin`. */
export function parseRequirements(text: string): LockedPackage[] {
  return text.split("\n").flatMap((line) => {
    const match = /^([\w.-]+(?:\[[^\]]*\])?)\s*(?:==\s*|@\s*)([^\s;#]+)/.exec(line.trim());
    return match === null ? [] : [{ name: match[1] ?? "", version: match[2] ?? "" }];
  });
}

/** What the lock says of its own machine, in its first line; "" where it says nothing. */
export function requirementsHead(text: string): string {
  return /^# (.+)$/m.exec(text)?.[1] ?? "";
}
