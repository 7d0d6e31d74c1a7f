import { defineChart } from "../define-chart";
import { loadedChart } from "../loaded-chart";

export interface ImagesOptions {
  name: string;
  /** The step that is looked at; -1 for the last. */
  step: number;
}

export const images = defineChart<ImagesOptions>({
  title: "Images",
  description: "Images of several runs beside each other, with one slider over the steps.",
  defaults: { name: "", step: -1 },
  fields: {
    name: { kind: "text", label: "Key", hint: "As it was logged; empty for the first there is" },
  },
  size: { width: 2, height: 2 },
  isOfRuns: true,
  titleOf: ({ name }) => (name === "" ? "Images" : name),
  Component: loadedChart(async () => (await import("./images-chart")).ImagesChart),
});
