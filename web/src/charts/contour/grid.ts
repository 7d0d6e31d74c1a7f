/** Runs as places from 0 to 1 on both axes (y from the bottom), with a value each. */
export interface Samples {
  x: readonly number[];
  y: readonly number[];
  z: readonly number[];
}

/** Values of cells, row by row from the bottom; NaN for a cell of which nothing is known. */
export interface Grid {
  nX: number;
  nY: number;
  values: Float64Array;
}

/** The mean of the runs in each cell. */
export function cellMeans({ x, y, z }: Samples, nX: number, nY: number): Grid {
  const sums = new Float64Array(nX * nY);
  const counts = new Uint32Array(nX * nY);
  z.forEach((value, at) => {
    const column = Math.min(nX - 1, Math.floor((x[at] ?? 0) * nX));
    const row = Math.min(nY - 1, Math.floor((y[at] ?? 0) * nY));
    sums[row * nX + column] = (sums[row * nX + column] ?? 0) + value;
    counts[row * nX + column] = (counts[row * nX + column] ?? 0) + 1;
  });
  return { nX, nY, values: sums.map((sum, at) => sum / (counts[at] ?? 0)) };
}

/**
 * Values between runs, weighted by the inverse square of the distance (Shepard, "A two-dimensional
 * interpolation function for irregularly-spaced data", 1968). It goes through every run, and shows
 * where runs are rather than what lies between them: a surface for the eye, no model.
 */
export function interpolated({ x, y, z }: Samples, nX: number, nY: number): Grid {
  const values = new Float64Array(nX * nY);
  for (let row = 0; row < nY; row += 1) {
    for (let column = 0; column < nX; column += 1) {
      const [atX, atY] = [(column + 0.5) / nX, (row + 0.5) / nY];
      let [sum, weights] = [0, 0];
      for (let at = 0; at < z.length; at += 1) {
        const square = ((x[at] ?? 0) - atX) ** 2 + ((y[at] ?? 0) - atY) ** 2;
        const weight = 1 / (square + 1e-6);
        sum += weight * (z[at] ?? 0);
        weights += weight;
      }
      values[row * nX + column] = sum / weights;
    }
  }
  return { nX, nY, values };
}

/**
 * A grid as pixels (RGBA).
 *
 * @param colorOf The colour of a value; null leaves the pixel clear.
 */
export function paintGrid(
  { nX, nY, values }: Grid,
  width: number,
  height: number,
  colorOf: (value: number) => readonly [number, number, number] | null,
): Uint8ClampedArray<ArrayBuffer> {
  const colors = Array.from(values, (value) => (Number.isNaN(value) ? null : colorOf(value)));
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let top = 0; top < height; top += 1) {
    const row = nY - 1 - Math.min(nY - 1, Math.floor((top / height) * nY));
    for (let left = 0; left < width; left += 1) {
      const color = colors[row * nX + Math.min(nX - 1, Math.floor((left / width) * nX))];
      if (!color) continue;
      const at = 4 * (top * width + left);
      pixels[at] = color[0];
      pixels[at + 1] = color[1];
      pixels[at + 2] = color[2];
      pixels[at + 3] = 255;
    }
  }
  return pixels;
}
