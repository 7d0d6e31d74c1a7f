import type { Pen } from "@/components/plot/pen";

/** Points in CSS pixels, with a colour each; NaN for what has no place. */
export interface Points {
  left: Float64Array;
  top: Float64Array;
  radius: Float64Array;
  rgb: readonly (readonly [number, number, number])[];
}

/** More are drawn pixel by pixel: a path for each of 100,000 takes seconds. */
export const MOST_PATHS = 3000;
const ALPHA = 0.75;

export function drawPoints(pen: Pen, points: Points): void {
  pen.globalAlpha = ALPHA;
  const { left, top, radius, rgb } = points;
  for (let at = 0; at < left.length; at += 1) {
    const [x, y] = [left[at] ?? Number.NaN, top[at] ?? Number.NaN];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    pen.beginPath();
    pen.arc(x, y, radius[at] ?? 3, 0, 2 * Math.PI);
    pen.fillStyle = `rgb(${(rgb[at] ?? [0, 0, 0]).join(" ")})`;
    pen.fill();
  }
  pen.globalAlpha = 1;
}

/**
 * Blends points into pixels (RGBA, 8 bits each), as discs of their radius.
 *
 * @param ratio Pixels of the image for a CSS pixel.
 */
export function rasterPoints(points: Points, width: number, height: number, ratio: number) {
  const pixels = new Uint8ClampedArray(width * height * 4);
  const { left, top, radius, rgb } = points;
  for (let at = 0; at < left.length; at += 1) {
    const x = (left[at] ?? Number.NaN) * ratio;
    const y = (top[at] ?? Number.NaN) * ratio;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    const r = (radius[at] ?? 2) * ratio;
    const [red, green, blue] = rgb[at] ?? [0, 0, 0];
    const [x0, x1] = [Math.max(0, Math.ceil(x - r)), Math.min(width - 1, Math.floor(x + r))];
    const [y0, y1] = [Math.max(0, Math.ceil(y - r)), Math.min(height - 1, Math.floor(y + r))];
    for (let row = y0; row <= y1; row += 1) {
      for (let column = x0; column <= x1; column += 1) {
        if ((column - x) ** 2 + (row - y) ** 2 > r * r) continue;
        const place = 4 * (row * width + column);
        const before = (pixels[place + 3] ?? 0) / 255;
        const after = ALPHA + before * (1 - ALPHA);
        const blend = (old: number, ink: number) =>
          (ink * ALPHA + old * before * (1 - ALPHA)) / after;
        pixels[place] = blend(pixels[place] ?? 0, red);
        pixels[place + 1] = blend(pixels[place + 1] ?? 0, green);
        pixels[place + 2] = blend(pixels[place + 2] ?? 0, blue);
        pixels[place + 3] = after * 255;
      }
    }
  }
  return pixels;
}

const REACH = 12;

/** The point nearest to a place, or -1 where none is near. */
export function nearestPoint({ left, top }: Points, x: number, y: number): number {
  let nearest = -1;
  let least = REACH * REACH;
  for (let at = 0; at < left.length; at += 1) {
    const distance = ((left[at] ?? Number.NaN) - x) ** 2 + ((top[at] ?? Number.NaN) - y) ** 2;
    if (distance < least) {
      least = distance;
      nearest = at;
    }
  }
  return nearest;
}
