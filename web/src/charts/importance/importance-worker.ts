import type { RunValues } from "@/api/run-values";

import { measureImportance } from "./measure";

export interface Asked {
  values: RunValues;
  target: string;
}

self.addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  self.postMessage(measureImportance(data.values, data.target), { transfer: [] });
});
