/** Columns of numbers, one row for each sample; no NaN. */
export interface Samples {
  features: readonly Float64Array[];
  target: Float64Array;
}

const N_TREES = 60;
const MAX_DEPTH = 8;
const SMALLEST_LEAF = 3;

interface Leaf {
  mean: number;
}

interface Split {
  feature: number;
  at: number;
  below: Tree;
  above: Tree;
}

type Tree = Leaf | Split;

/**
 * How much each feature tells of the target: permutation importance of a random forest.
 *
 * A forest of regression trees is grown on bootstrap samples, with a third of the features tried at
 * each split (Breiman, "Random Forests", Machine Learning 45, 2001). For each tree, the samples that
 * it has not seen are predicted as they are and with one feature shuffled among them; a feature's
 * importance is by how much the squared error grows, averaged over the trees, and 0 where it does not
 * grow. The result is shares of 1, or zeros where nothing tells anything. Features that say the same
 * share their importance. The same samples give the same numbers: chance is seeded.
 */
export function permutationImportance({ features, target }: Samples): number[] {
  const random = seeded(17);
  const n = target.length;
  const grown = features.map(() => 0);
  const rows = Array.from({ length: n }, (_, row) => row);
  for (let tree = 0; tree < N_TREES; tree += 1) {
    const drawn = rows.map(() => Math.floor(random() * n));
    const seen = new Set(drawn);
    const unseen = rows.filter((row) => !seen.has(row));
    const root = grow({ features, target }, drawn, 0, random);
    const error = squaredError(root, features, target, unseen);
    features.forEach((values, feature) => {
      const shuffled = values.slice();
      const order = shuffle(unseen, random);
      unseen.forEach((row, at) => {
        shuffled[row] = values[order[at] ?? 0] ?? 0;
      });
      const others = features.with(feature, shuffled);
      const worse = squaredError(root, others, target, unseen) - error;
      grown[feature] = (grown[feature] ?? 0) + worse / N_TREES;
    });
  }
  const positive = grown.map((value) => Math.max(0, value));
  const total = positive.reduce((sum, value) => sum + value, 0);
  return total > 0 ? positive.map((value) => value / total) : positive;
}

function grow(
  samples: Samples,
  rows: readonly number[],
  depth: number,
  random: () => number,
): Tree {
  const { features, target } = samples;
  const mean = rows.reduce((sum, row) => sum + (target[row] ?? 0), 0) / rows.length;
  if (depth >= MAX_DEPTH || rows.length < 2 * SMALLEST_LEAF) return { mean };
  const all = features.map((_, feature) => feature);
  const tried = shuffle(all, random).slice(0, Math.max(1, Math.ceil(features.length / 3)));
  let best: { feature: number; at: number; gain: number } | null = null;
  for (const feature of tried) {
    const found = bestSplit(features[feature] ?? new Float64Array(), target, rows);
    if (found !== null && (best === null || found.gain > best.gain)) best = { feature, ...found };
  }
  if (best === null) return { mean };
  const { feature, at } = best;
  const values = features[feature] ?? new Float64Array();
  const isBelow = (row: number) => (values[row] ?? 0) <= at;
  return {
    feature,
    at,
    below: grow(samples, rows.filter(isBelow), depth + 1, random),
    above: grow(
      samples,
      rows.filter((row) => !isBelow(row)),
      depth + 1,
      random,
    ),
  };
}

/** The cut that makes the variance within the two parts least, by their sums. */
function bestSplit(values: Float64Array, target: Float64Array, rows: readonly number[]) {
  const sorted = [...rows].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const total = sorted.reduce((sum, row) => sum + (target[row] ?? 0), 0);
  const n = sorted.length;
  const whole = (total * total) / n;
  let best: { at: number; gain: number } | null = null;
  let below = 0;
  for (let at = 0; at + 1 < n; at += 1) {
    below += target[sorted[at] ?? 0] ?? 0;
    const [value, next] = [values[sorted[at] ?? 0] ?? 0, values[sorted[at + 1] ?? 0] ?? 0];
    if (value === next || at + 1 < SMALLEST_LEAF || n - at - 1 < SMALLEST_LEAF) continue;
    const gain = below ** 2 / (at + 1) + (total - below) ** 2 / (n - at - 1) - whole;
    if (gain > 1e-12 && (best === null || gain > best.gain))
      best = { at: (value + next) / 2, gain };
  }
  return best;
}

function squaredError(
  tree: Tree,
  features: readonly Float64Array[],
  target: Float64Array,
  rows: readonly number[],
): number {
  if (rows.length === 0) return 0;
  let sum = 0;
  for (const row of rows) {
    let at = tree;
    while ("feature" in at) at = (features[at.feature]?.[row] ?? 0) <= at.at ? at.below : at.above;
    sum += (at.mean - (target[row] ?? 0)) ** 2;
  }
  return sum / rows.length;
}

/** Fisher and Yates. */
function shuffle(items: readonly number[], random: () => number): number[] {
  const shuffled = [...items];
  for (let at = shuffled.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [shuffled[at], shuffled[other]] = [shuffled[other] ?? 0, shuffled[at] ?? 0];
  }
  return shuffled;
}

/** Mulberry32 (Tommy Ettinger, public domain). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
