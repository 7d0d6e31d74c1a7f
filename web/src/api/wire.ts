/** Messages of the REST API as they are on the wire: empty lists left out, NaN as a string. */

export type WireNumber = number | "NaN" | "Infinity" | "-Infinity";

export type RunStatus = "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED";
export type LifecycleStage = "active" | "deleted";
export type ViewType = "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL";

export interface KeyValue {
  key: string;
  value: string;
}

export interface WireMetric {
  key: string;
  value: WireNumber;
  timestamp: number;
  step?: number;
}

export interface WireExperiment {
  experiment_id: string;
  name: string;
  artifact_location?: string;
  lifecycle_stage: LifecycleStage;
  creation_time?: number;
  last_update_time?: number;
  tags?: KeyValue[];
}

export interface WireExperimentOverview {
  experiment: WireExperiment;
  n_runs?: number;
  n_running?: number;
  last_start_time?: number;
}

export interface WireRunInfo {
  run_id: string;
  run_name?: string;
  experiment_id: string;
  user_id?: string;
  status: RunStatus;
  start_time?: number;
  end_time?: number;
  artifact_uri?: string;
  lifecycle_stage: LifecycleStage;
}

export interface WireDatasetInput {
  tags?: KeyValue[];
  dataset: {
    name: string;
    digest: string;
    source_type?: string;
    source?: string;
    schema?: string;
    profile?: string;
  };
}

export interface WireRun {
  info: WireRunInfo;
  data?: { metrics?: WireMetric[]; params?: KeyValue[]; tags?: KeyValue[] };
  inputs?: { dataset_inputs?: WireDatasetInput[] };
  outputs?: { model_outputs?: { model_id: string; step?: number }[] };
}

export interface WireSeries {
  run_id: string;
  key: string;
  n_points: number;
  is_sampled?: boolean;
  steps?: number[];
  timestamps?: number[];
  values?: WireNumber[];
  minimums?: WireNumber[];
  maximums?: WireNumber[];
}

export interface WireFile {
  path: string;
  is_dir?: boolean;
  file_size?: number;
}

export interface WireChange {
  experiment_id: string | null;
  run_id: string | null;
  kinds: string[];
}
