export interface Matrix {
  classes: string[];
  /** Of each true class, how many were predicted as each class. */
  counts: number[][];
  /** How many examples are in the matrix, and right. */
  n: number;
  nRight: number;
}

const ORDER = new Intl.Collator("en", { numeric: true });
const MAX_CLASSES = 40;

/** Counts of true against predicted classes; of many classes, the most frequent. */
export function confusionMatrix(actual: readonly string[], predicted: readonly string[]): Matrix {
  const frequency = new Map<string, number>();
  for (const name of [...actual, ...predicted]) {
    frequency.set(name, (frequency.get(name) ?? 0) + 1);
  }
  const classes = [...frequency]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_CLASSES)
    .map(([name]) => name)
    .sort(ORDER.compare);
  const places = new Map(classes.map((name, at) => [name, at]));
  const counts = classes.map(() => classes.map(() => 0));
  let [n, nRight] = [0, 0];
  actual.forEach((name, at) => {
    const [row, column] = [places.get(name), places.get(predicted[at] ?? "")];
    if (row === undefined || column === undefined) return;
    const line = counts[row];
    if (line !== undefined) line[column] = (line[column] ?? 0) + 1;
    n += 1;
    if (row === column) nRight += 1;
  });
  return { classes, counts, n, nRight };
}
