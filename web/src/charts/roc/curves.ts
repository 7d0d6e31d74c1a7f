export interface RankCurve {
  x: number[];
  y: number[];
  /** Area under a ROC curve, or the average precision. */
  area: number;
}

/** Examples from the highest score down, as counts of positives and negatives so far; ties are one step. */
function ranked(labels: readonly boolean[], scores: readonly number[]) {
  const order = scores
    .map((_, at) => at)
    .filter((at) => Number.isFinite(scores[at]))
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const steps: { positives: number; negatives: number }[] = [];
  let [positives, negatives] = [0, 0];
  order.forEach((row, at) => {
    if (labels[row] === true) positives += 1;
    else negatives += 1;
    if (scores[row] !== scores[order[at + 1] ?? -1]) steps.push({ positives, negatives });
  });
  return { steps, positives, negatives };
}

/**
 * True positive rate over false positive rate, and the area below by trapezoids, which is the chance
 * that a positive scores above a negative, ties counting half (Hanley and McNeil, 1982). Null where
 * one of the classes is missing.
 */
export function rocCurve(labels: readonly boolean[], scores: readonly number[]): RankCurve | null {
  const { steps, positives, negatives } = ranked(labels, scores);
  if (positives === 0 || negatives === 0) return null;
  const x = [0, ...steps.map((step) => step.negatives / negatives)];
  const y = [0, ...steps.map((step) => step.positives / positives)];
  let area = 0;
  for (let at = 1; at < x.length; at += 1) {
    area += (((x[at] ?? 0) - (x[at - 1] ?? 0)) * ((y[at] ?? 0) + (y[at - 1] ?? 0))) / 2;
  }
  return { x, y, area };
}

/** Precision over recall, and the average precision Σ (R_n − R_{n−1}) P_n. Null without positives. */
export function precisionRecallCurve(
  labels: readonly boolean[],
  scores: readonly number[],
): RankCurve | null {
  const { steps, positives } = ranked(labels, scores);
  if (positives === 0) return null;
  const x = steps.map((step) => step.positives / positives);
  const y = steps.map((step) => step.positives / (step.positives + step.negatives));
  const area = x.reduce((sum, recall, at) => sum + (recall - (x[at - 1] ?? 0)) * (y[at] ?? 0), 0);
  return { x: [0, ...x], y: [y[0] ?? 1, ...y], area };
}

/** Whether a cell says that its example is of the positive class. */
export function isPositive(cell: string): boolean {
  return cell.toLowerCase() === "true" || Number(cell) === 1;
}
