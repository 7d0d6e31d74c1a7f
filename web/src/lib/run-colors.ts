/** Number of run colours among the tokens (`--run-0` … in app/palettes.css). */
export const N_RUN_COLORS = 10;

export interface RunColor {
  /** Which token colours the run. */
  index: number;
  /** How often the palette was used up before; from 1 on, lines are dashed. */
  round: number;
}

interface Colored {
  id: string;
  startTime: number;
}

const NONE_KNOWN: ReadonlyMap<string, number> = new Map();

/**
 * Gives each run a colour of its own for as long as the palette lasts.
 *
 * Runs whose colour is known choose first, then older ones, so that a run keeps its colour while newer ones
 * arrive. The first choice of others depends on the id alone, so that it is often the same for everybody.
 *
 * @param known Colours that runs had before, where they are not taken here.
 */
export function assignRunColors(
  runs: readonly Colored[],
  known: ReadonlyMap<string, number> = NONE_KNOWN,
): Map<string, RunColor> {
  const used = Array.from({ length: N_RUN_COLORS }, () => 0);
  const colors = new Map<string, RunColor>();
  const inOrder = [...runs].sort(
    (a, b) =>
      Number(known.has(b.id)) - Number(known.has(a.id)) ||
      a.startTime - b.startTime ||
      (a.id < b.id ? -1 : 1),
  );
  for (const run of inOrder) {
    const round = Math.min(...used);
    let index = known.get(run.id) ?? hash(run.id) % N_RUN_COLORS;
    while (used[index] !== round) index = (index + 1) % N_RUN_COLORS;
    used[index] = round + 1;
    colors.set(run.id, { index, round });
  }
  return colors;
}

/** The token of a run's colour; a faint one for a run that no chart shows. */
export function runColorVariable(color: RunColor | undefined): string {
  return color === undefined ? "var(--line-strong)" : `var(--run-${color.index})`;
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return value;
}
