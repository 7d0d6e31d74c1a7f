import { useQuery } from "@tanstack/react-query";

import { getExperiment } from "@/api/experiments";

/** The name of the experiment that a run is in; all rows of it share one request. */
export function ExperimentName({ experimentId }: { experimentId: string }) {
  const name = useQuery(getExperiment(experimentId)).data?.name ?? experimentId;
  return <span title={name}>{name}</span>;
}
