import { formatNumber } from "./format";
import {
  describeSample,
  rankTest,
  welchTest,
  type RankTest,
  type Sample,
  type WelchTest,
} from "./two-samples";

/** What groups of runs differ in, and by how much. */

interface Measured {
  params: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
  metrics: Readonly<Record<string, { value: number }>>;
}

/** `params.lr`, `tags.model`. */
export type Field = string;

export interface GroupOfRuns {
  value: string;
  /** The metric's last value in each run that has a finite one. */
  values: number[];
  /** Runs without one: NaN, infinite or never logged. */
  nLeftOut: number;
}

export interface Difference {
  first: GroupOfRuns;
  second: GroupOfRuns;
  samples: [Sample, Sample];
  welch: WelchTest | null;
  rank: RankTest | null;
}

const REPEATS = /(?:^|[._-])(?:seed|fold|repeat|rep|trial|run)(?:$|[._-])/i;
const CAPTURED = /^(?:mlflow|fluvial)\./;

/** Params and tags in which the runs differ, those first that make groups with several runs in each. */
export function groupingFields(runs: readonly Measured[]): Field[] {
  const texts = (part: "params" | "tags") =>
    [...new Set(runs.flatMap((run) => Object.keys(run[part])))].map((key) => ({
      field: `${part}.${key}`,
      key,
      values: new Set(runs.map((run) => run[part][key] ?? "")),
    }));
  return [...texts("params"), ...texts("tags").filter(({ key }) => !CAPTURED.test(key))]
    .filter(({ values }) => values.size > 1)
    .sort(
      (a, b) =>
        Number(REPEATS.test(a.key)) - Number(REPEATS.test(b.key)) || a.values.size - b.values.size,
    )
    .map(({ field }) => field);
}

export function groupRuns(runs: readonly Measured[], field: Field, metric: string): GroupOfRuns[] {
  const dot = field.indexOf(".");
  const part = field.slice(0, dot) === "tags" ? "tags" : "params";
  const key = field.slice(dot + 1);
  const groups = new Map<string, GroupOfRuns>();
  for (const run of runs) {
    const value = run[part][key] ?? "";
    const group = groups.get(value) ?? { value, values: [], nLeftOut: 0 };
    groups.set(value, group);
    const measured = run.metrics[metric]?.value;
    if (measured === undefined || !Number.isFinite(measured)) group.nLeftOut += 1;
    else group.values.push(measured);
  }
  return [...groups.values()];
}

export function differenceOf(first: GroupOfRuns, second: GroupOfRuns): Difference {
  return {
    first,
    second,
    samples: [describeSample(first.values), describeSample(second.values)],
    welch: welchTest(first.values, second.values),
    rank: rankTest(first.values, second.values),
  };
}

/** The difference of the means in one sentence, with how sure one can be. */
export function statementOf(
  { samples, welch }: Difference,
  metric: string,
  names: [string, string],
): string {
  const [a, b] = samples;
  if (a.n === 0 || b.n === 0) {
    return `${a.n === 0 ? names[0] : names[1]} has no run with a value of ${metric}.`;
  }
  const difference = b.mean - a.mean;
  const size = formatNumber(Math.abs(difference));
  const direction = difference < 0 ? "lower" : "higher";
  const head =
    difference === 0
      ? `The mean of ${metric} is the same with ${names[1]} and ${names[0]}`
      : `With ${names[1]}, ${metric} is ${size} ${direction} on average than with ${names[0]}`;
  if (welch === null) {
    return a.n < 2 || b.n < 2
      ? `${head}. How sure that is cannot be said: it takes at least two runs of each.`
      : `${head}. No value varies within its group, so that there is nothing to test.`;
  }
  const sureness =
    welch.low > 0 || welch.high < 0
      ? "The interval leaves out 0: chance alone would seldom give so much."
      : "The interval holds 0: such a difference may well be chance.";
  return `${head}: the 95 % confidence interval of the difference is ${formatNumber(welch.low)} to ${formatNumber(welch.high)}. ${sureness}`;
}

/** The least p that the rank test can give for groups without ties of these sizes: 2 / C(m+n, m). */
export function leastRankP(m: number, n: number): number {
  let orders = 1;
  for (let at = 1; at <= m; at += 1) orders = (orders * (n + at)) / at;
  return Math.min(1, 2 / orders);
}

/** A probability as it is read: `0.011`, `under 0.0001`. */
export function formatP(p: number): string {
  return p < 0.0001 ? "under 0.0001" : String(Number(p.toPrecision(2)));
}
