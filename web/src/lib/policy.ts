/** What a model's policy says of the places where a version can stand. */

export type Target = "alias" | "stage" | "state";

export interface Place {
  target: Target;
  key: string;
}

export interface Guard extends Place {
  approvals: number;
  /** Who may approve; anybody but the author where nobody is named. */
  reviewers: string[];
  gates: string[];
}

type Fields = Record<string, unknown>;

const TARGETS = ["alias", "stage", "state"] as const;

/** @param document A policy that the server has accepted, read as YAML. */
export function guardsOf(document: unknown): Guard[] {
  const { guards, gates } = fields(document);
  const all = Object.keys(fields(gates));
  return (Array.isArray(guards) ? guards : []).flatMap((one: unknown) => {
    const guard = fields(one);
    const target = TARGETS.find((word) => typeof guard[word] === "string" && guard[word] !== "");
    if (target === undefined) return [];
    return [
      {
        target,
        key: guard[target] as string,
        approvals: Number(guard["approvals"] ?? 0),
        reviewers: texts(guard["reviewers"]) ?? [],
        gates: texts(guard["gates"]) ?? all,
      },
    ];
  });
}

interface Wish {
  version: string;
  target: string;
  key: string;
  /** Whether the version is to leave the place instead. */
  leaves?: boolean;
}

/** `Version 3 as alias champion`. */
export function describeWish({ version, target, key, leaves = false }: Wish): string {
  return `Version ${version} ${leaves ? "no longer" : "as"} ${target} ${key}`;
}

/** What it takes to stand in a place, in a sentence. */
export function describeGuard(guard: Guard | undefined): string {
  if (guard === undefined) return "Nothing guards this place: the version stands there at once.";
  const { approvals, reviewers, gates } = guard;
  const who = reviewers.length === 0 ? "anybody but you" : reviewers.join(", ");
  const said = [
    approvals > 0
      ? `needs ${approvals} ${approvals === 1 ? "approval" : "approvals"} (${who})`
      : "",
    gates.length > 0 ? `has to pass ${gates.join(", ")}` : "",
  ].filter((part) => part !== "");
  return said.length === 0 ? describeGuard(undefined) : `It ${said.join(" and ")}.`;
}

function fields(value: unknown): Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

function texts(value: unknown): string[] | null {
  return Array.isArray(value) ? value.map(String) : null;
}
