export interface ComparedRow {
  key: string;
  /** One text a run, "" where the run lacks the key. */
  values: string[];
  isDifferent: boolean;
}

/** Keys of any of the runs with the value in each, sorted by key. */
export function compareValues(runs: readonly Readonly<Record<string, string>>[]): ComparedRow[] {
  const keys = new Set(runs.flatMap((run) => Object.keys(run)));
  return [...keys].sort().map((key) => {
    const values = runs.map((run) => run[key] ?? "");
    return { key, values, isDifferent: new Set(values).size > 1 };
  });
}
