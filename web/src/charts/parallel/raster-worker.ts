import { countLines, paintLines, type RasterLines, type RasterSize } from "./raster";

/** What the page sends: new lines, or what to draw of them. */
export type ToWorker =
  | { kind: "lines"; lines: RasterLines }
  | { kind: "draw"; id: number; size: RasterSize; isChosen: Uint8Array | null };

export interface FromWorker {
  id: number;
  size: RasterSize;
  pixels: Uint8ClampedArray<ArrayBuffer>;
  elapsedMs: number;
}

let lines: RasterLines | null = null;
/** All lines in one size, which stand behind those that are chosen. */
let behind: { key: string; counts: Uint16Array } | null = null;

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === "lines") {
    lines = data.lines;
    behind = null;
    return;
  }
  if (lines === null) return;
  const { id, size, isChosen } = data;
  const begun = performance.now();
  const key = JSON.stringify(size);
  const chosen = countLines(lines, size, isChosen);
  if (behind?.key !== key) {
    const all = isChosen === null ? chosen : countLines(lines, size, null);
    behind = { key, counts: all.counts };
  }
  const pixels = paintLines(lines, size, chosen, isChosen === null ? null : behind.counts);
  const answer: FromWorker = { id, size, pixels, elapsedMs: performance.now() - begun };
  self.postMessage(answer, { transfer: [pixels.buffer] });
});
