/** Lines over several axes, and how they look. */
export interface RasterLines {
  /** Of each axis, each row's height from 0 (bottom) to 1; NaN where a row has none. */
  axes: readonly Float32Array[];
  /** Of each row, 0 to 1 along the palette. */
  tint: Float32Array;
  /** 256 colours, red, green and blue each. */
  palette: Uint8Array;
  /** The colour of rows that are not chosen. */
  faint: readonly [number, number, number];
}

export interface RasterSize {
  width: number;
  height: number;
  /** Where each axis is, in pixels. */
  places: readonly number[];
  /** How thick a line is, in pixels. */
  thickness: number;
}

const FAINT_ALPHA = 0.12;
const CHOSEN_ALPHA = 0.35;
/** So few lines are told apart one by one: they are drawn strongly. */
export const FEW_LINES = 300;
const FEW_ALPHA = 0.85;
const MOST_COUNTED = 64;

/**
 * How many lines cross each pixel, and the sum of their tints.
 *
 * Each line goes one pixel at a time along the longer side of each of its stretches. A path on a canvas
 * takes five times as long for 10,000 lines, and a blend of paths by alpha two hundred times.
 *
 * @param isChosen Which rows to count; null for all.
 */
export function countLines(
  { axes, tint }: Pick<RasterLines, "axes" | "tint">,
  { width, height, places, thickness }: RasterSize,
  isChosen: Uint8Array | null,
): { counts: Uint16Array; tints: Float32Array } {
  const counts = new Uint16Array(width * height);
  const tints = new Float32Array(width * height);
  const n = tint.length;
  for (let axis = 0; axis + 1 < axes.length; axis += 1) {
    const [from, to] = [axes[axis], axes[axis + 1]];
    if (from === undefined || to === undefined) continue;
    const x0 = Math.round(places[axis] ?? 0);
    const across = Math.round(places[axis + 1] ?? 0) - x0;
    for (let row = 0; row < n; row += 1) {
      if (isChosen !== null && isChosen[row] === 0) continue;
      const y0 = (1 - (from[row] as number)) * (height - 1);
      const y1 = (1 - (to[row] as number)) * (height - 1);
      // NaN is unequal to itself: a row without one of the two has no line between them.
      if (y0 !== y0 || y1 !== y1) continue;
      const ink = tint[row] as number;
      const down = y1 - y0;
      const nSteps = Math.max(across, Math.ceil(Math.abs(down)), 1);
      const [dx, dy] = [across / nSteps, down / nSteps];
      let x = x0 + 0.5;
      let y = y0 + 0.5;
      for (let step = 0; step < nSteps; step += 1) {
        const place = (y | 0) * width + (x | 0);
        counts[place] = (counts[place] as number) + 1;
        tints[place] = (tints[place] as number) + ink;
        for (let more = 1; more < thickness; more += 1) {
          const below = place + more * width;
          if (below >= counts.length) break;
          counts[below] = (counts[below] as number) + 1;
          tints[below] = (tints[below] as number) + ink;
        }
        x += dx;
        y += dy;
      }
    }
  }
  return { counts, tints };
}

/** Pixels (RGBA) of all lines: those that are not chosen faintly behind the others. */
export function paintLines(
  lines: RasterLines,
  size: RasterSize,
  chosen: { counts: Uint16Array; tints: Float32Array },
  behind: Uint16Array | null,
): Uint8ClampedArray<ArrayBuffer> {
  const { palette, faint } = lines;
  const pixels = new Uint8ClampedArray(size.width * size.height * 4);
  const isFew = lines.tint.length <= FEW_LINES;
  const [strong, weak] = [alphas(isFew ? FEW_ALPHA : CHOSEN_ALPHA), alphas(FAINT_ALPHA)];
  for (let at = 0; at < chosen.counts.length; at += 1) {
    const n = chosen.counts[at] as number;
    const nBehind = behind === null ? 0 : (behind[at] as number);
    if (n === 0 && nBehind === 0) continue;
    const over = n === 0 ? 0 : (strong[Math.min(n, MOST_COUNTED)] as number);
    const under = (weak[Math.min(nBehind, MOST_COUNTED)] as number) * (1 - over);
    const alpha = over + under;
    const color = n === 0 ? 0 : 3 * Math.round((255 * (chosen.tints[at] as number)) / n);
    for (let part = 0; part < 3; part += 1) {
      const ink = (palette[color + part] ?? 0) * over + (faint[part] ?? 0) * under;
      pixels[4 * at + part] = ink / alpha;
    }
    pixels[4 * at + 3] = 255 * alpha;
  }
  return pixels;
}

/** The opacity of so many lines over each other. */
function alphas(alpha: number): Float32Array {
  return Float32Array.from({ length: MOST_COUNTED + 1 }, (_, n) => 1 - (1 - alpha) ** n);
}
