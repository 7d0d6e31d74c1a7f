import type { RunValues } from "@/api/run-values";
import { permutationImportance } from "@/lib/random-forest";
import { spearman } from "@/lib/statistics";

/** What a param tells of the target. */
export interface Told {
  field: string;
  /** Share of what all params tell, 0 to 1. */
  importance: number;
  /** Spearman's rank correlation with the target; NaN of a param of categories. */
  correlation: number;
}

export interface Measured {
  params: Told[];
  /** How many runs have the target. */
  nRuns: number;
}

/** Fewer runs tell nothing that chance does not. */
export const FEWEST_RUNS = 10;

/**
 * Importance of params for a target, over the runs that have the target.
 *
 * Importance is that of a random forest (see lib/random-forest.ts), correlation is Spearman's rank
 * correlation over the runs that have the param. A missing number counts as lower than all others
 * for the forest, a missing category as one of its own. Params that never change are left out.
 */
export function measureImportance(values: RunValues, target: string): Measured {
  const goal = values.columns.find(({ field }) => field === target)?.numbers ?? new Float64Array();
  const rows = [...goal.keys()].filter((row) => Number.isFinite(goal[row]));
  const wanted = Float64Array.from(rows, (row) => goal[row] ?? 0);
  const params = values.columns
    .filter(({ field }) => field !== target)
    .map(({ field, numbers, categories }) => ({
      field,
      isCategory: categories !== null,
      numbers: Float64Array.from(rows, (row) => numbers[row] ?? Number.NaN),
    }))
    .filter(({ numbers }) => new Set(numbers).size > 1);
  if (rows.length < FEWEST_RUNS) return { params: [], nRuns: rows.length };
  const shares = permutationImportance({
    features: params.map(({ numbers }) => withoutGaps(numbers)),
    target: wanted,
  });
  const told = params.map(({ field, isCategory, numbers }, at): Told => {
    const there = [...numbers.keys()].filter((row) => Number.isFinite(numbers[row]));
    const of = (all: Float64Array) => there.map((row) => all[row] ?? 0);
    const correlation = isCategory ? Number.NaN : spearman(of(numbers), of(wanted));
    return { field, importance: shares[at] ?? 0, correlation };
  });
  return {
    params: told.sort((a, b) => b.importance - a.importance),
    nRuns: rows.length,
  };
}

function withoutGaps(numbers: Float64Array): Float64Array {
  let least = Number.POSITIVE_INFINITY;
  for (const value of numbers) if (value < least) least = value;
  const gap = Number.isFinite(least) ? least - 1 : 0;
  return numbers.map((value) => (Number.isNaN(value) ? gap : value));
}
