import { useEffect, useMemo, useRef, useState, type RefObject } from "react";

import type { RasterLines, RasterSize } from "./raster";
import type { FromWorker, ToWorker } from "./raster-worker";

interface Wanted {
  lines: RasterLines;
  size: RasterSize;
  isChosen: Uint8Array | null;
}

/** Draws lines in a worker; while it draws, only the newest wish waits. */
class Raster {
  private readonly worker = new Worker(new URL("raster-worker.ts", import.meta.url), {
    type: "module",
  });
  private isBusy = false;
  private next: Wanted | null = null;
  private nAsked = 0;
  private known: RasterLines | null = null;

  constructor(private readonly onPixels: (drawn: FromWorker) => void) {
    this.worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      this.isBusy = false;
      this.onPixels(data);
      if (this.next !== null) this.draw(this.next);
    });
  }

  draw(wanted: Wanted): void {
    if (this.isBusy) {
      this.next = wanted;
      return;
    }
    this.next = null;
    this.isBusy = true;
    this.nAsked += 1;
    const { lines, size, isChosen } = wanted;
    if (lines !== this.known) this.send({ kind: "lines", lines });
    this.known = lines;
    this.send({ kind: "draw", id: this.nAsked, size, isChosen });
  }

  close(): void {
    this.worker.terminate();
  }

  private send(message: ToWorker): void {
    this.worker.postMessage(message, []);
  }
}

/** Keeps a canvas showing lines. */
export function useRaster(
  canvas: RefObject<HTMLCanvasElement | null>,
  lines: RasterLines,
  size: RasterSize,
  isChosen: Uint8Array | null,
  onDrawn: () => void,
): void {
  const [raster, setRaster] = useState<Raster | null>(null);
  const target = useRef(canvas);
  const done = useRef(onDrawn);
  useEffect(() => {
    done.current = onDrawn;
  });

  useEffect(() => {
    const made = new Raster(({ size: drawn, pixels }) => {
      const element = target.current.current;
      if (element === null) return;
      element.width = drawn.width;
      element.height = drawn.height;
      const image = new ImageData(pixels, drawn.width, drawn.height);
      element.getContext("2d")?.putImageData(image, 0, 0);
      element.dataset["drawn"] = String(Number(element.dataset["drawn"] ?? 0) + 1);
      done.current();
    });
    setRaster(made);
    return () => made.close();
  }, []);
  const wanted = useMemo(() => ({ lines, size, isChosen }), [lines, size, isChosen]);
  useEffect(() => raster?.draw(wanted), [raster, wanted]);
}
