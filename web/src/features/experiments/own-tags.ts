import type { Experiment } from "@/api/experiments";

/** The tags that people set; those of MLflow and fluvial have places of their own. */
export function ownTags(experiment: Experiment): [key: string, value: string][] {
  return Object.entries(experiment.tags).filter(([key]) => !/^(?:mlflow|fluvial)\./.test(key));
}
