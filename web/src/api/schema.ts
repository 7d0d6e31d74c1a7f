// Written by `npm run types` from docs/openapi.json.

/** Keep what was found out about a logged model, or about a version. */
export interface AddEvidence {
  /** The logged model; or */
  model_id?: string;
  /** the registered model and */
  name?: string;
  /** its version. */
  version?: string;
  /** What was looked at: `environment`, `latency`, `licences`, `vulnerabilities`, `format`, `drift`, `examples` or another word. */
  kind: string;
  /** What was found. */
  verdict: Verdict;
  /** Facts, for programs and for gates; up to a megabyte as JSON. */
  details?: Record<string, unknown>;
  /** When it was found out, ms since the epoch; now where it is not said. */
  at?: number;
}

/** One alias of a registered model; `latest` is the version with the highest number. */
export interface AliasName {
  name: string;
  alias: string;
}

/** Entries of a folder, by path from the run's root; none for a file or a missing folder. */
export interface ArtifactsPage {
  /** Location of the run's artifacts. */
  root_uri: string;
  /** Up to 10,000 entries. */
  files?: (FileInfo)[];
  /** Absent on the last page. */
  next_page_token?: string;
}

/** Points of one metric of many runs; always present, also when empty. */
export interface BulkHistory {
  /** Points, each with its run_id. */
  metrics: (Metric)[];
}

/** Evaluate the gates of a registered model's policy for a version, and keep what they say. */
export interface CheckGates {
  /** The registered model. */
  name: string;
  /** Its version. */
  version: string;
  /** With `key`, only the gates of that place; else all. */
  target?: "alias" | "stage" | "state";
  /** Its name. */
  key?: string;
}

/** How many there are. */
export interface Count {
  count: number;
}

/** Count the runs that a search would find. */
export interface CountRuns {
  experiment_ids?: (string)[];
  filter?: string;
  run_view_type?: ViewType;
}

/** Create an experiment; the name must be free. */
export interface CreateExperiment {
  name: string;
  artifact_location?: string;
  tags?: (Tag)[];
}

/** Make a logged model, whose files come next. */
export interface CreateLoggedModel {
  /** Where. */
  experiment_id: string;
  /** None of `/ : . % " '`; a made-up one where it is empty. */
  name?: string;
  /** What kind of model it is, for people. */
  model_type?: string;
  /** The run that makes it. */
  source_run_id?: string;
  /** Its params. */
  params?: (Param)[];
  /** Its tags. */
  tags?: (Tag)[];
}

/** Register a model as the next version. */
export interface CreateModelVersion {
  /** The registered model. */
  name: string;
  /** `models:/m-…` with its `model_id`, `runs:/…` or a place of a run's or logged model's files with the `run_id` or `model_id`, another version (`models:/name/1`, `models:/name@alias`), or a bucket. */
  source: string;
  /** The run that it comes from. */
  run_id?: string;
  /** Its tags. */
  tags?: (Tag)[];
  /** A page about the run elsewhere. */
  run_link?: string;
  /** For people. */
  description?: string;
  /** The logged model that it comes from. */
  model_id?: string;
}

/** Ask for a URL that one artifact of a run can be read from. */
export interface CreatePresignedDownloadUrl {
  /** The run. */
  run_id: string;
  /** Name of the artifact. */
  path: string;
  /** How long the URL holds, seconds, 1 to 604,800. */
  expiration?: number;
}

/** Ask for a URL that one artifact of a run can be sent to. */
export interface CreatePresignedUploadUrl {
  /** Name of the artifact. */
  path: string;
  /** The run. */
  run_id?: string;
  /** A logged model instead of a run. */
  model_id?: string;
  /** How long the URL holds, seconds, 1 to 604,800. */
  expiration?: number;
}

/** Ask that a version may stand somewhere, or leave it; gates are evaluated, and reviewers hear of it. */
export interface CreatePromotionRequest {
  /** The registered model. */
  name: string;
  /** Its version. */
  version: string;
  /** What kind of place. */
  target: "alias" | "stage" | "state";
  /** Its name. */
  key: string;
  /** Why. */
  reason?: string;
  /** Whether the version is to be taken away from there: no gate has a say in that. */
  leaves?: boolean;
}

/** Make a registered model; the name must be free. */
export interface CreateRegisteredModel {
  /** Not blank, without `/` and `:`. */
  name: string;
  /** Its tags. */
  tags?: (Tag)[];
  /** For people. */
  description?: string;
}

/** Begin a report. */
export interface CreateReport {
  title: string;
  text?: string;
}

/** Start a run; the server chooses its id. */
export interface CreateRun {
  experiment_id?: string;
  user_id?: string;
  run_name?: string;
  start_time?: number;
  tags?: (Tag)[];
}

/** Save a view under a name that is free in its experiment. */
export interface CreateSavedView {
  experiment_id: string;
  name: string;
  state: Record<string, unknown>;
  state_version?: number;
  is_default?: boolean;
}

/** Tell somebody of changes of the registry. */
export interface CreateWebhook {
  /** 1 to 63 of a-z, 0-9, `.`, `_` and `-`; the last is a letter or a digit. */
  name: string;
  /** Where to; https, and the host is a public one. */
  url: string;
  /** What of; at least one. */
  events: (WebhookEvent)[];
  /** For people. */
  description?: string;
  /** Signs what is sent; kept encrypted, never answered. */
  secret?: string;
  /** Whether it is told. */
  status?: WebhookStatus;
}

/** A dataset, known by its name and digest. */
export interface Dataset {
  /** 1 to 500 characters. */
  name: string;
  /** Fingerprint of the content, 1 to 36 characters. */
  digest: string;
  /** Kind of source, such as `local`, `http`, `code`. */
  source_type: string;
  /** Where it came from, JSON text, up to 65,535 characters. */
  source: string;
  /** Columns and types, JSON text. */
  schema?: string;
  /** Counts and other facts, JSON text. */
  profile?: string;
}

/** A dataset that a run read. */
export interface DatasetInput {
  /** What was read. */
  dataset: Dataset;
  /** Labels; `mlflow.data.context` says what it was read for. */
  tags?: (Tag)[];
}

/** Datasets with what they were read for. */
export interface DatasetSummaries {
  dataset_summaries?: (DatasetSummary)[];
}

/** A dataset that some run of an experiment read, and what for. */
export interface DatasetSummary {
  experiment_id: string;
  name: string;
  digest: string;
  context?: string;
}

/** What a review says. */
export type Decision = "approve" | "comment" | "reject";

/** Delete one tag of an experiment. */
export interface DeleteExperimentTag {
  experiment_id: string;
  key: string;
}

/** Delete one tag of a logged model. */
export interface DeleteLoggedModelTag {
  model_id: string;
  tag_key: string;
}

/** Delete one tag of a version; it may be gone already. */
export interface DeleteModelVersionTag {
  name: string;
  version: string;
  key: string;
}

/** Delete one tag of a registered model; it may be gone already. */
export interface DeleteRegisteredModelTag {
  name: string;
  key: string;
}

/** Delete one tag of a run. */
export interface DeleteTag {
  run_id?: string;
  run_uuid?: string;
  key: string;
}

/** What was sent. */
export interface Deliveries {
  deliveries?: (WebhookDelivery)[];
}

/** Where the files of a version are kept. */
export interface DownloadUri {
  artifact_uri: string;
}

/** Change many runs alike, all or none. */
export interface EditRuns {
  /** Up to 1,000. */
  run_ids: (string)[];
  /** Puts them into the trash or takes them out; where it is absent, they stay. */
  lifecycle_stage?: LifecycleStage;
  /** Tags to set, up to 100. */
  set_tags?: (Tag)[];
  /** Keys of tags to delete from the runs that have them, up to 100. */
  delete_tags?: (string)[];
}

/** How many runs were changed. */
export interface EditedRuns {
  n_runs: number;
}

/** A message with nothing in it: `{}` on the wire. */
export interface Empty {
}

/** What a refused request is answered with. */
export interface ErrorAnswer {
  /** For programs. */
  error_code: string;
  /** For people. */
  message: string;
  /** Facts about the error, such as the position in a filter. */
  details?: Record<string, unknown>;
}

/** Something that was found out about a model, by whoever looked. */
export interface Evidence {
  /** Grows with time. */
  evidence_id: string;
  /** The logged model that it is about. */
  model_id?: string;
  /** The registered model, where it is about a version. */
  name?: string;
  /** Its version. */
  version?: string;
  /** What was looked at: `environment`, `latency`, `licences`, `vulnerabilities`, `format`, `drift`, `examples` or another word. */
  kind: string;
  /** What was found. */
  verdict: Verdict;
  /** Facts, for programs. */
  details?: Record<string, unknown>;
  /** Who looked. */
  author: string;
  /** When, ms since the epoch. */
  timestamp: number;
}

/** What was found last of one kind. */
export interface EvidenceBadge {
  kind: string;
  verdict: Verdict;
}

/** What was found out, newest first. */
export interface EvidenceList {
  evidence?: (Evidence)[];
}

/** A named group of runs. */
export interface Experiment {
  /** Decimal digits; "0" is the experiment `Default`. */
  experiment_id: string;
  /** Unique, also among deleted experiments; 1 to 500 characters. */
  name: string;
  /** Where the artifacts of its runs are kept; assigned by the server. */
  artifact_location: string;
  /** Whether it is in the trash. */
  lifecycle_stage: LifecycleStage;
  /** When its name, tags or lifecycle stage last changed, ms since the epoch. */
  last_update_time: number;
  /** ms since the epoch. */
  creation_time: number;
  /** Always "default". */
  workspace: string;
  /** Labels, sorted by key. */
  tags?: (Tag)[];
}

/** One experiment, by id. */
export interface ExperimentId {
  experiment_id: string;
}

/** One experiment, by name. */
export interface ExperimentName {
  experiment_name: string;
}

/** An experiment with what its list shows. */
export interface ExperimentOverview {
  /** The experiment. */
  experiment: Experiment;
  /** Runs that are not deleted. */
  n_runs: number;
  /** Those of them that are running. */
  n_running: number;
  /** When the newest of them started, ms since the epoch. */
  last_start_time?: number;
  /** When a run was last begun in it, or its name or place changed, by the server's clock, to ten seconds. */
  last_activity_time: number;
}

/** A page of experiments with their counts. */
export interface ExperimentOverviewsPage {
  experiments?: (ExperimentOverview)[];
  next_page_token?: string;
}

/** A page of experiments; `next_page_token` is absent on the last. */
export interface ExperimentsPage {
  experiments?: (Experiment)[];
  next_page_token?: string;
}

/** What one field has. */
export interface Facet {
  /** As it was asked for. */
  field: string;
  /** How many runs have it. */
  n_runs: number;
  /** How many lack it. */
  n_missing: number;
  /** Of a text, how many different values there are. */
  n_values?: number;
  /** Of a text, the most frequent ones. */
  values?: (FacetValue)[];
  /** Of a number. */
  histogram?: Histogram;
}

/** A value, and how many runs have it. */
export interface FacetValue {
  value: string;
  n_runs: number;
}

/** What the fields have, in the order in which they were asked for. */
export interface Facets {
  facets: (Facet)[];
}

/** One entry of an artifact folder. */
export interface FileInfo {
  /** Where it is, `/`-separated. */
  path: string;
  /** Whether it is a folder. */
  is_dir: boolean;
  /** Bytes, of a file. */
  file_size?: number;
}

/** Say whether the files of a logged model have arrived. */
export interface FinalizeLoggedModel {
  model_id: string;
  status: LoggedModelStatus;
}

/** Find which values some fields have among the runs that a search would find. */
export interface FindFacets {
  /** Where to look. */
  experiment_ids?: (string)[];
  /** In the language of docs/search.md. */
  filter?: string;
  /** Which lifecycle stages to look at. */
  run_view_type?: ViewType;
  /** Of text (its values are counted) or numbers (a histogram is made), 1 to 50. */
  fields: (string)[];
  /** How many values of a text to give, most frequent first, 1 to 1,000. */
  max_values?: number;
  /** How many bins a histogram has, 1 to 1,000. */
  n_bins?: number;
}

/** Ask what something came from and what came of it. One of these says where to begin. */
export interface FindLineage {
  /** A registered model, all versions of it; with */
  name?: string;
  /** one version. */
  version?: string;
  /** A logged model. */
  model_id?: string;
  /** A run. */
  run_id?: string;
  /** A dataset that runs of */
  dataset_name?: string;
  /** this experiment read, with */
  experiment_id?: string;
  /** this digest; any where it is not said. */
  dataset_digest?: string;
  /** Only paths through a node whose label or id holds this text, in any case. */
  search?: string;
  /** How many nodes at most, up to 2,000. */
  max_nodes?: number;
}

/** Ask what an alias, a stage or a state stood for at a time. */
export interface FindServed {
  /** The registered model, also one that is deleted. */
  name: string;
  /** What kind of place it is. */
  target: "alias" | "stage" | "state";
  /** Its name, such as `champion` or `Production`. */
  key: string;
  /** The time, ms since the epoch. */
  at: number;
}

/** Start a run that has the history of another one up to a step. */
export interface ForkRun {
  run_id?: string;
  run_uuid?: string;
  /** The last step that it has of the other run. */
  step: number;
  /** For people; the other's name with the step where it is empty. */
  run_name?: string;
}

/** What was found, the best of each kind first. */
export interface FoundEverywhere {
  experiments?: (FoundExperiment)[];
  runs?: (FoundRun)[];
  views?: (FoundView)[];
  reports?: (FoundReport)[];
}

/** An experiment that was found. */
export interface FoundExperiment {
  experiment_id: string;
  name: string;
}

/** A report that was found. */
export interface FoundReport {
  report_id: string;
  title: string;
}

/** A run that was found. */
export interface FoundRun {
  run_id: string;
  run_name: string;
  experiment_id: string;
  experiment_name: string;
  status: RunStatus;
  start_time: number;
}

/** A saved view that was found. */
export interface FoundView {
  view_id: string;
  name: string;
  experiment_id: string;
  experiment_name: string;
}

/** What one gate said about one version. */
export interface GateResult {
  /** Grows with time; absent of a check that was not kept. */
  result_id?: string;
  /** The registered model. */
  name: string;
  /** Its version. */
  version: string;
  /** Where the version was to go: `alias champion`, `stage Production`, `state approved`; "" of a check. */
  place?: string;
  /** The gate's name in the policy. */
  gate: string;
  /** What kind of gate it is. */
  kind: string;
  /** What it found. */
  verdict: Verdict;
  /** Why, in a sentence. */
  summary: string;
  /** Numbers and facts behind it. */
  details?: Record<string, unknown>;
  /** Which policy of the model it is of; 0 of one that a client evaluated. */
  policy_number?: number;
  /** Who had it evaluated. */
  author: string;
  /** When, ms since the epoch. */
  timestamp: number;
}

/** What gates said, newest first. */
export interface GateResults {
  /** One for each gate. */
  results?: (GateResult)[];
  /** Whether no gate fails and none is unknown. */
  is_passed?: boolean;
}

/** Ask for the newest version of each stage, or of some stages. */
export interface GetLatestVersions {
  name: string;
  stages?: (string)[];
}

/** All points of one metric of one run, oldest first; in pages where `max_results` is given. */
export interface GetMetricHistory {
  run_id?: string;
  run_uuid?: string;
  metric_key: string;
  page_token?: string;
  max_results?: number;
}

/** Points of one metric of up to 100 runs (`run_id` repeated). */
export interface GetMetricHistoryBulk {
  run_id: (string)[];
  metric_key: string;
  max_results?: number;
}

/** Evenly spread points of one metric of up to 100 runs, between two steps. */
export interface GetMetricHistoryBulkInterval {
  run_ids: (string)[];
  metric_key: string;
  start_step?: number;
  end_step?: number;
  max_results?: number;
}

/** What a chart draws: series of some runs, each reduced to at most `max_points`. */
export interface GetMetricSeries {
  /** Up to 100. */
  run_ids: (string)[];
  /** Up to 50 metric names; none stands for all of each run. */
  keys?: (string)[];
  /** Per series, 1 to 10,000. */
  max_points?: number;
  /** First step to look at. */
  start_step?: number;
  /** Last step to look at. */
  end_step?: number;
}

/** Group the runs that a search would find, and compute statistics of each group. */
export interface GroupRuns {
  /** Where to look. */
  experiment_ids?: (string)[];
  /** In the language of docs/search.md. */
  filter?: string;
  /** Which lifecycle stages to look at. */
  run_view_type?: ViewType;
  /** Fields that hold text, such as `params.depth`; runs that lack one are a group too. */
  group_by: (string)[];
  /** Fields that hold numbers, such as `metrics.auc` or `max(metrics.auc)`. */
  numbers?: (string)[];
  /** One of `numbers`, or empty for the number of runs, most first. */
  sort_by?: string;
  /** Which statistic of it is sorted by. */
  statistic?: Statistic;
  /** Whether the greatest comes first. */
  is_descending?: boolean;
  /** How many groups to give, 1 to 10,000. */
  max_groups?: number;
}

/** The signs of life were heard. */
export interface Heard {
  /** Those of the runs that somebody asked to stop (`StopRun`); named until they have ended. */
  stop?: (string)[];
}

/** Say that the process of some runs is alive.

A run that was ever named here, or was started with `beats`, is marked FAILED when nothing is heard of
it for too long; one that is heard of again goes on. */
export interface Heartbeat {
  /** The runs, 1,000 at most. Those that are unknown or have ended are passed over. */
  run_ids: (string)[];
}

/** How numbers are spread; all numbers but NaN and infinities are in a bin. */
export interface Histogram {
  /** The bins' ends: one more than there are bins; the last bin includes its right end. */
  edges: (number | "NaN" | "Infinity" | "-Infinity")[];
  /** Of each bin. */
  counts: (number)[];
  /** How many runs have NaN. */
  n_nan: number;
  /** How many have an infinity. */
  n_infinite: number;
}

/** How many values lie between which edges. */
export interface HistogramBins {
  /** Rising; one more than counts. */
  edges: (number | "NaN" | "Infinity" | "-Infinity")[];
  /** Of each bin. */
  counts: (number)[];
  /** How many values were NaN or infinite. */
  n_not_finite?: number;
}

/** Whether an experiment or a run is in use or in the trash. */
export type LifecycleStage = "active" | "deleted";

/** Nodes and edges, from data to served models. */
export interface Lineage {
  /** Those that were asked for come first. */
  nodes?: (LineageNode)[];
  /** Between them. */
  edges?: (LineageEdge)[];
  /** Whether there were more than `max_nodes`. */
  is_truncated?: boolean;
}

/** One thing that came of another. */
export interface LineageEdge {
  /** Node that it came from. */
  source: string;
  /** Node that came of it. */
  target: string;
  /** How: `read as training`, `made`, `registered`, … */
  label?: string;
}

/** Something on the way from data to a served model. */
export interface LineageNode {
  /** `kind:…`, unique in the answer. */
  node_id: string;
  /** What it is. */
  kind: "alias" | "dataset" | "model" | "run" | "version";
  /** For people. */
  label: string;
  /** Of a dataset, a run or a logged model. */
  experiment_id?: string;
  /** A digest, a status, a stage. */
  detail?: string;
}

/** One level of a run's artifacts. */
export interface ListArtifacts {
  run_id?: string;
  run_uuid?: string;
  /** A folder of it; the root where it is empty. */
  path?: string;
  /** Where the page before ended. */
  page_token?: string;
}

/** List what was, and is to be, sent to a webhook, newest first. */
export interface ListDeliveries {
  /** The webhook. */
  webhook_id: string;
  /** How many at most, up to 1,000. */
  max_results?: number;
}

/** Ask what was found out about a logged model, or about a version with its logged model. */
export interface ListEvidence {
  /** The logged model; or */
  model_id?: string;
  /** the registered model and */
  name?: string;
  /** its version. */
  version?: string;
  /** Of one kind alone. */
  kind?: string;
  /** Only the last of each kind. */
  is_latest?: boolean;
}

/** Ask what gates said about a version. */
export interface ListGates {
  /** The registered model. */
  name: string;
  /** Its version. */
  version: string;
  /** Only the last of each gate. */
  is_latest?: boolean;
}

/** List one level of a logged model's files. */
export interface ListLoggedModelArtifacts {
  model_id: string;
  artifact_directory_path?: string;
  page_token?: string;
}

/** Items of a run, by key and step. */
export interface ListMedia {
  /** The run. */
  run_id: string;
  /** Only of these kinds; of all where there are none. */
  kinds?: (string)[];
  /** Only of these series; of all where there are none. */
  keys?: (string)[];
  /** First step to look at. */
  start_step?: number;
  /** Last step to look at. */
  end_step?: number;
  /** Page size, 1 to 10,000. */
  max_results?: number;
  /** Where the page before ended. */
  page_token?: string;
}

/** Ask which metrics some runs have. */
export interface ListMetricNames {
  /** Up to 100. */
  run_ids: (string)[];
}

/** Ask what waits for somebody, and what became of what they asked for. */
export interface ListNotifications {
  /** Who; the caller where nobody is named. */
  user?: string;
  /** Decisions from this time on, ms since the epoch; the last 30 days where it is not said. */
  since?: number;
}

/** One level of the server's own store; its root where `path` is empty. */
export interface ListProxiedArtifacts {
  path?: string;
}

/** Which params, metrics and tags the runs of some experiments have. */
export interface ListRunColumns {
  /** Where to look. */
  experiment_ids: (string)[];
  /** Part of a name, in any case; empty for all. */
  name_contains?: string;
  /** How many names of each kind to give; absent for all. */
  max_names?: number;
}

/** The views of an experiment, by name. */
export interface ListSavedViews {
  experiment_id: string;
}

/** List webhooks, newest first. */
export interface ListWebhooks {
  max_results?: number;
  page_token?: string;
}

/** Append metrics, params and tags to one run, all or none. */
export interface LogBatch {
  run_id: string;
  metrics?: (Metric)[];
  params?: (Param)[];
  tags?: (Tag)[];
}

/** Record datasets and models that a run read. */
export interface LogInputs {
  run_id?: string;
  run_uuid?: string;
  datasets?: (DatasetInput)[];
  models?: (ModelInput)[];
}

/** Add params to a logged model; each is written once. */
export interface LogLoggedModelParams {
  model_id: string;
  params?: (Param)[];
}

/** Add items to series of a run; the files are uploaded as any artifact. */
export interface LogMedia {
  run_id?: string;
  run_uuid?: string;
  items: (MediaItem)[];
}

/** Append one point to one metric of a run. */
export interface LogMetric {
  run_id?: string;
  run_uuid?: string;
  key: string;
  value: number | "NaN" | "Infinity" | "-Infinity";
  timestamp: number;
  step?: number;
  model_id?: string;
  dataset_name?: string;
  dataset_digest?: string;
}

/** Record a model the way clients before logged models did: JSON text, kept in a tag. */
export interface LogModel {
  run_id?: string;
  run_uuid?: string;
  model_json: string;
}

/** Record models that a run made. */
export interface LogOutputs {
  run_id?: string;
  run_uuid?: string;
  models: (ModelOutput)[];
}

/** Set one param of a run, once; the same value again changes nothing. */
export interface LogParam {
  run_id?: string;
  run_uuid?: string;
  key: string;
  value?: string;
}

/** A logged model with all that was logged to it. */
export interface LoggedModel {
  info: LoggedModelInfo;
  data: LoggedModelData;
}

/** One level of a logged model's files, and where they are kept. */
export interface LoggedModelArtifacts {
  root_uri: string;
  files?: (FileInfo)[];
  next_page_token?: string;
}

/** What was logged to a model: params, and the last value of each metric per dataset and run. */
export interface LoggedModelData {
  params?: (Param)[];
  metrics?: (Metric)[];
}

/** One logged model, by id. */
export interface LoggedModelId {
  model_id: string;
}

/** What a logged model is. */
export interface LoggedModelInfo {
  /** `m-` and 32 hex characters. */
  model_id: string;
  /** The experiment it belongs to. */
  experiment_id: string;
  /** For people; not unique. */
  name: string;
  /** ms since the epoch. */
  creation_timestamp_ms: number;
  /** ms since the epoch. */
  last_updated_timestamp_ms: number;
  /** Where its files are kept. */
  artifact_uri: string;
  /** Whether they are there. */
  status: LoggedModelStatus;
  /** What kind of model it is; "" where nobody said. */
  model_type: string;
  /** The run that made it; "" where none did. */
  source_run_id: string;
  /** Its labels, sorted by key. */
  tags?: (Tag)[];
  /** The versions of registered models that it became. */
  registrations?: (Registration)[];
}

/** One key of an ordering of logged models. */
export interface LoggedModelOrder {
  /** An attribute, or `metrics.` and a name. */
  field_name: string;
  /** The direction. */
  ascending?: boolean;
  /** Of a metric: as measured on this dataset. */
  dataset_name?: string;
  /** Of that dataset; any where it is not said. */
  dataset_digest?: string;
}

/** Whether the files of a model are there. */
export type LoggedModelStatus = "LOGGED_MODEL_PENDING" | "LOGGED_MODEL_READY" | "LOGGED_MODEL_UPLOAD_FAILED";

/** A page of logged models; `next_page_token` is absent on the last. */
export interface LoggedModelsPage {
  models?: (LoggedModel)[];
  next_page_token?: string;
}

/** A dataset that metrics were measured on; of any digest where none is said. */
export interface MeasuredOn {
  dataset_name: string;
  dataset_digest?: string;
}

/** One item of a series. */
export interface MediaItem {
  /** Name of the series. */
  key: string;
  /** One of `KINDS`. */
  kind: string;
  /** Training step. */
  step?: number;
  /** When it was logged, ms since the epoch. */
  timestamp?: number;
  /** For people. */
  caption?: string;
  /** The artifact; empty for a histogram. */
  path?: string;
  /** Which run has the artifact, in answers: another one where a fork goes on with its history. */
  run_id?: string;
  /** The distribution, of a histogram. */
  histogram?: HistogramBins;
}

/** A page of items; `next_page_token` is absent on the last. */
export interface MediaPage {
  items?: (MediaItem)[];
  next_page_token?: string;
}

/** One point of one metric of one run. */
export interface Metric {
  /** Metric name, 1 to 250 characters. */
  key: string;
  /** Any float64; NaN and infinities are kept as they are. */
  value: number | "NaN" | "Infinity" | "-Infinity";
  /** When it was measured, ms since the epoch; not negative. */
  timestamp: number;
  /** Training step; may be negative. */
  step?: number;
  /** The logged model it was measured on. */
  model_id?: string;
  /** Name of the dataset it was measured on. */
  dataset_name?: string;
  /** Digest of that dataset. */
  dataset_digest?: string;
  /** The run it belongs to, where the context does not say. */
  run_id?: string;
}

/** Points of one metric; `next_page_token` is absent on the last page. */
export interface MetricHistory {
  metrics?: (Metric)[];
  next_page_token?: string;
}

/** The metrics that any of the runs has. */
export interface MetricNames {
  /** In order. */
  names?: (string)[];
  /** Those of them that go on past step 0. */
  curves?: (string)[];
}

/** Series, by run in the order asked for, then by key. */
export interface MetricSeries {
  series: (Series)[];
}

/** A logged model that a run read. */
export interface ModelInput {
  model_id: string;
}

/** A logged model that a run made, and at which training step. */
export interface ModelOutput {
  model_id: string;
  step: number;
}

/** A registered model with what its list shows. */
export interface ModelOverview {
  /** The model. */
  registered_model: RegisteredModel;
  /** How many versions it has. */
  n_versions: number;
  /** The version that the alias points at; absent where it points at none. */
  champion?: ModelVersion;
  /** Last values of the champion's logged model over all runs and datasets. */
  metrics?: (Metric)[];
  /** The last evidence of each kind about the champion. */
  badges?: (EvidenceBadge)[];
  /** How many promotion requests are open. */
  n_open_requests?: number;
  /** Its policy; 0 where it has none. */
  policy_number?: number;
}

/** A page of registered models with what their list shows; `next_page_token` is absent on the last. */
export interface ModelOverviewsPage {
  models?: (ModelOverview)[];
  next_page_token?: string;
}

/** One numbered entry of a registered model; what it points at never changes. */
export interface ModelVersion {
  /** The registered model. */
  name: string;
  /** Counts up from "1", and is never used again. */
  version: string;
  /** ms since the epoch. */
  creation_timestamp: number;
  /** ms since the epoch. */
  last_updated_timestamp: number;
  /** Who registered it, where that is known. */
  user_id?: string;
  /** MLflow's stage. */
  current_stage: string;
  /** "" or absent where there is none. */
  description?: string;
  /** What was registered: a run's or a logged model's files, another version, or a bucket. */
  source: string;
  /** The run that it came from; "" where there is none. */
  run_id: string;
  /** Whether it can be used; always READY. */
  status: string;
  /** Its labels, sorted by key. */
  tags?: (Tag)[];
  /** A page about the run elsewhere. */
  run_link: string;
  /** Names that point at it, sorted. */
  aliases?: (string)[];
  /** The logged model that it came from. */
  model_id?: string;
  /** Its state in the lifecycle that the model's policy describes. */
  state?: string;
}

/** Some versions. */
export interface ModelVersions {
  model_versions?: (ModelVersion)[];
}

/** A page of versions; `next_page_token` is absent on the last. */
export interface ModelVersionsPage {
  model_versions?: (ModelVersion)[];
  next_page_token?: string;
}

/** Move runs to another experiment, all or none. */
export interface MoveRuns {
  /** Up to 1,000. Those that are there already stay. */
  run_ids: (string)[];
  /** Where to. */
  experiment_id: string;
  /** Whether the runs nested in them go along, however deep; up to 10,000 in all. */
  moves_children?: boolean;
}

/** Which runs were moved. */
export interface MovedRuns {
  /** How many, with those that went along. */
  n_runs: number;
  /** They, by the experiment in which they were: what it takes to move them back. */
  came_from?: (RunsOfExperiment)[];
}

/** What somebody should know of. */
export interface Notifications {
  /** Who. */
  user: string;
  /** Open requests that they may decide, and have not yet. */
  waiting?: (PromotionRequest)[];
  /** Their requests that were applied or rejected. */
  decided?: (PromotionRequest)[];
  /** Their open requests whose gates do not pass. */
  failing?: (PromotionRequest)[];
}

/** What was kept. */
export interface OneEvidence {
  evidence: Evidence;
}

/** One experiment. */
export interface OneExperiment {
  experiment: Experiment;
}

/** One logged model. */
export interface OneLoggedModel {
  model: LoggedModel;
}

/** One version. */
export interface OneModelVersion {
  model_version: ModelVersion;
}

/** One promotion request, as it is now. */
export interface OnePromotionRequest {
  request: PromotionRequest;
}

/** One registered model. */
export interface OneRegisteredModel {
  registered_model: RegisteredModel;
}

/** A report with its text, markdown. */
export interface OneReport {
  report: ReportHead;
  text: string;
}

/** A version with its text. */
export interface OneReportVersion {
  /** The version. */
  version: ReportVersion;
  /** Markdown. */
  text: string;
  /** What its panels showed when it was pinned, as the JSON that was given; "" if it is not. */
  data?: string;
}

/** One run. */
export interface OneRun {
  run: Run;
}

/** One view. */
export interface OneSavedView {
  view: SavedView;
}

/** One webhook. */
export interface OneWebhook {
  webhook: Webhook;
}

/** An input of a run, as text; written once. */
export interface Param {
  /** 1 to 250 characters. */
  key: string;
  /** Up to 6000 characters; may be empty. */
  value?: string;
}

/** Keep what the panels of a version show at this moment, beside its text. */
export interface PinReport {
  /** Which report. */
  report_id: string;
  /** Its version now. */
  version: number;
  /** JSON, as the web app makes it. */
  data: string;
}

/** The policy of a registered model. */
export interface Policy {
  /** The registered model. */
  name: string;
  /** Counts up; 0 where there is none. */
  number: number;
  /** The YAML. */
  text?: string;
  /** Of its lifecycle, in order. */
  states?: (string)[];
  /** Who set it. */
  author?: string;
  /** When, ms since the epoch. */
  timestamp?: number;
}

/** Ask for the policy of a registered model. */
export interface PolicyOf {
  name: string;
}

/** Where to GET the bytes, with which headers, and how many there are. */
export interface PresignedDownloadUrl {
  presigned_url: string;
  headers?: Record<string, unknown>;
  file_size: number;
}

/** Where to PUT the bytes, and with which headers. */
export interface PresignedUploadUrl {
  presigned_url: string;
  headers?: Record<string, unknown>;
}

/** Put a version into a place, and say why. */
export interface Promote {
  /** The registered model. */
  name: string;
  /** Its version. */
  version: string;
  /** What kind of place it is. */
  target: "alias" | "stage" | "state";
  /** Its name, such as `champion` or `Production`. */
  key: string;
  /** Why. */
  reason?: string;
  /** Of a stage: archive those that are there. */
  archive_existing_versions?: boolean;
}

/** A version where it is now, and what was written about it. */
export interface Promoted {
  model_version: ModelVersion;
  event?: RegistryEvent;
}

/** A wish that a version may stand somewhere, and what others say to it. */
export interface PromotionRequest {
  /** Grows with time. */
  request_id: string;
  /** The registered model. */
  name: string;
  /** Its version. */
  version: string;
  /** What kind of place: `alias`, `stage` or `state`. */
  target: string;
  /** Its name. */
  key: string;
  /** Why. */
  reason?: string;
  /** How far it has come. */
  status: RequestStatus;
  /** Who wishes it. */
  author: string;
  /** Since when, ms since the epoch. */
  timestamp: number;
  /** When it was applied, rejected or withdrawn. */
  decided_timestamp?: number;
  /** How many reviewers have to approve. */
  approvals_needed?: number;
  /** Who may; anybody but the author where nobody is named. */
  reviewers?: (string)[];
  /** Who does. */
  approved_by?: (string)[];
  /** What was said, oldest first. */
  reviews?: (Review)[];
  /** What the gates said last. */
  gates?: (GateResult)[];
  /** Whether the version is to be taken away from there. */
  leaves?: boolean;
}

/** A page of promotion requests; `next_page_token` is absent on the last. */
export interface PromotionRequests {
  requests?: (PromotionRequest)[];
  next_page_token?: string;
}

/** Entries of a folder, by their last path segment; none for a file or a missing folder. */
export interface ProxiedArtifacts {
  files?: (FileInfo)[];
}

/** Read what was decided about registered models, newest first. */
export interface ReadRegistryHistory {
  /** One model, also one that is deleted; all where it is empty. */
  name?: string;
  /** One version of it. */
  version?: string;
  /** One kind of change: `alias`, `stage`, `state`, `model`, `version`, `name`, `description`, `policy` or `request`. */
  field?: string;
  /** Of which one of several, such as the name of an alias. */
  key?: string;
  /** Whose changes. */
  author?: string;
  /** From this time on, ms since the epoch. */
  since?: number;
  /** Up to this time, ms since the epoch. */
  until?: number;
  /** Page size, up to 1,000. */
  max_results?: number;
  /** Where the page before ended. */
  page_token?: string;
}

/** Read some rows of the table of all runs that match. */
export interface ReadRunTable {
  /** Where to look. */
  experiment_ids?: (string)[];
  /** In the language of docs/search.md. */
  filter?: string;
  /** Which lifecycle stages to look at. */
  run_view_type?: ViewType;
  /** Keys, each with ASC or DESC; newest first where there are none. */
  order_by?: (string)[];
  /** What to show of each run beside its attributes, such as `params.depth`, `max(metrics.auc)`, `tags.team` and `datasets.name`; up to 200. */
  fields?: (string)[];
  /** How many rows to pass over. */
  offset?: number;
  /** How many to give, 0 to 10,000. */
  max_rows?: number;
  /** Whether runs stand below those that they are within. Their parents are then in the table whether they match or not. */
  is_nested?: boolean;
  /** Whether families are open, so that all of their runs are rows. */
  is_open?: boolean;
  /** Ids of runs whose families are the other way. */
  toggled?: (string)[];
}

/** Keep what a gate said that the caller evaluated, such as a Python policy. */
export interface RecordGate {
  /** The registered model. */
  name: string;
  /** Its version. */
  version: string;
  /** The gate's name; a policy asks for it by `recorded: <name>`. */
  gate: string;
  /** What it found. */
  verdict: Verdict;
  /** Why, in a sentence. */
  summary?: string;
  /** Facts behind it. */
  details?: Record<string, unknown>;
}

/** A named line of models. */
export interface RegisteredModel {
  /** Unique. */
  name: string;
  /** ms since the epoch. */
  creation_timestamp: number;
  /** ms since the epoch. */
  last_updated_timestamp: number;
  /** Who made it, where that is known. */
  user_id?: string;
  /** Absent where there is none. */
  description?: string;
  /** The newest version of each stage that has some. */
  latest_versions?: (ModelVersion)[];
  /** Its labels, sorted by key. */
  tags?: (Tag)[];
  /** Movable names, sorted. */
  aliases?: (RegisteredModelAlias)[];
}

/** A movable name for one version. */
export interface RegisteredModelAlias {
  alias: string;
  version: string;
}

/** One registered model, by name. */
export interface RegisteredModelName {
  name: string;
}

/** A page of registered models; `next_page_token` is absent on the last. */
export interface RegisteredModelsPage {
  registered_models?: (RegisteredModel)[];
  next_page_token?: string;
}

/** A version of a registered model that a logged model became. */
export interface Registration {
  name: string;
  version: string;
}

/** One thing that was decided about a registered model. Written with what it tells of, never changed. */
export interface RegistryEvent {
  /** Grows with time. */
  event_id: string;
  /** What the model was called then. */
  name: string;
  /** The version that it is about; absent of what is about the model. */
  version?: string;
  /** What changed: `alias`, `stage`, `state`, `model`, `version`, `name`, `description`, `policy` or `request`. */
  field: string;
  /** Which one of several, such as the name of the alias. */
  key?: string;
  /** What it was; absent where there was nothing. */
  before?: string;
  /** What it became; absent where nothing is left. */
  after?: string;
  /** Why, in the author's words. */
  reason?: string;
  /** Who did it. */
  author: string;
  /** When, ms since the epoch. */
  timestamp: number;
}

/** A page of what was decided; `next_page_token` is absent on the last. */
export interface RegistryHistory {
  events?: (RegistryEvent)[];
  next_page_token?: string;
}

/** Give a registered model another name; its versions go along. */
export interface RenameRegisteredModel {
  name: string;
  new_name: string;
}

/** What a list says of a report. */
export interface ReportHead {
  /** 32 hex characters. */
  report_id: string;
  /** For people. */
  title: string;
  /** Grows by one with every change. */
  version: number;
  /** ms since the epoch. */
  creation_time: number;
  /** Who made it. */
  created_by: string;
  /** ms since the epoch. */
  last_update_time: number;
  /** Who changed it last. */
  last_updated_by: string;
}

/** One report. */
export interface ReportId {
  report_id: string;
}

/** A report as it was. */
export interface ReportVersion {
  /** Which. */
  version: number;
  /** Its title then. */
  title: string;
  /** When it was saved last, ms since the epoch. */
  saved_time: number;
  /** By whom. */
  saved_by: string;
  /** When its panels were frozen, ms since the epoch; absent where they are not. */
  pinned_time?: number;
}

/** One version of a report. */
export interface ReportVersionId {
  report_id: string;
  version: number;
}

/** The history of a report, the newest version first. */
export interface ReportVersions {
  versions?: (ReportVersion)[];
}

/** A page of reports; `next_page_token` is absent on the last. */
export interface ReportsPage {
  reports?: (ReportHead)[];
  next_page_token?: string;
}

/** One promotion request. */
export interface RequestId {
  request_id: string;
}

/** How far a promotion request has come. */
export type RequestStatus = "applied" | "open" | "rejected" | "withdrawn";

/** What somebody says about a promotion request. */
export interface Review {
  /** Grows with time. */
  review_id: string;
  /** Who. */
  author: string;
  /** What. */
  decision: Decision;
  /** Why. */
  comment?: string;
  /** When, ms since the epoch. */
  timestamp: number;
}

/** Say something about a promotion request. */
export interface ReviewPromotion {
  /** The request. */
  request_id: string;
  /** `approve`, `reject` or `comment`. */
  decision: Decision;
  /** Why. */
  comment?: string;
}

/** Let a run go back to a step; what came after stays, as a run of its own. */
export interface RewindRun {
  run_id?: string;
  run_uuid?: string;
  /** The last step that it keeps. */
  step: number;
}

/** A run that went back. */
export interface RewoundRun {
  /** The run, under the id that it had. */
  run: Run;
  /** What it was before, under an id of its own. */
  attempt: Run;
}

/** Put back what stood in a place before. */
export interface Rollback {
  /** The registered model. */
  name: string;
  /** What kind of place it is: an alias or a stage. */
  target: "alias" | "stage" | "state";
  /** Its name. */
  key: string;
  /** As it was just before this event; before the last change where it is not said. */
  event_id?: string;
  /** Why. */
  reason?: string;
}

/** One execution, and everything logged to it but the metrics' history. */
export interface Run {
  info: RunInfo;
  data: RunData;
  inputs: RunInputs;
  outputs?: RunOutputs;
}

/** Names, sorted, and how many there are of each kind, given or not. */
export interface RunColumns {
  /** Of params. */
  params: (string)[];
  /** Of metrics. */
  metrics: (string)[];
  /** Of tags. */
  tags: (string)[];
  /** How many params contain the text. */
  n_params?: number;
  /** How many metrics. */
  n_metrics?: number;
  /** How many tags. */
  n_tags?: number;
}

/** What was logged to a run: the last value of each metric, all params and tags, sorted by key. */
export interface RunData {
  metrics?: (Metric)[];
  params?: (Param)[];
  tags?: (Tag)[];
}

/** A group. */
export interface RunGroup {
  /** Of each field that is grouped by; null where the runs lack it. */
  values: (string)[];
  /** How many runs there are. */
  n_runs: number;
  /** Of each number, the summary. */
  numbers: (Summary)[];
}

/** Groups in the order that was asked for, and how many groups and runs there are in all. */
export interface RunGroups {
  groups: (RunGroup)[];
  n_groups: number;
  n_runs: number;
}

/** One run, by id. */
export interface RunId {
  run_id?: string;
  run_uuid?: string;
}

/** What a run is, without what was logged. */
export interface RunInfo {
  /** The same as `run_id`; older clients read it. */
  run_uuid: string;
  /** The experiment it belongs to. */
  experiment_id: string;
  /** For people; not unique. Mirrored in the tag `mlflow.runName`. */
  run_name: string;
  /** Who started it; the tag `mlflow.user` is what people see. */
  user_id: string;
  /** How far it has come. */
  status: RunStatus;
  /** ms since the epoch. */
  start_time: number;
  /** Where its artifacts are kept. */
  artifact_uri: string;
  /** Whether it is in the trash. */
  lifecycle_stage: LifecycleStage;
  /** 32 hex characters. */
  run_id: string;
  /** ms since the epoch, where it has ended. */
  end_time?: number;
}

/** What a run read. */
export interface RunInputs {
  dataset_inputs?: (DatasetInput)[];
  model_inputs?: (ModelInput)[];
}

/** What a run made. */
export interface RunOutputs {
  model_outputs?: (ModelOutput)[];
}

/** How far a run has come. */
export type RunStatus = "FAILED" | "FINISHED" | "KILLED" | "RUNNING" | "SCHEDULED";

/** Some rows of a table. */
export interface RunTable {
  /** In order. */
  rows?: (TableRow)[];
  /** Of each field that was asked for. */
  columns?: (TableColumn)[];
  /** How many rows the whole table has. */
  n_rows?: number;
  /** How many runs match. */
  n_runs?: number;
}

/** Some runs of an experiment. */
export interface RunsOfExperiment {
  experiment_id: string;
  run_ids: (string)[];
}

/** A page of runs; `next_page_token` is absent on the last. */
export interface RunsPage {
  runs?: (Run)[];
  next_page_token?: string;
}

/** A named view of an experiment, shared with everybody who can see the experiment. */
export interface SavedView {
  /** 32 hex characters. */
  view_id: string;
  /** Of which experiment. */
  experiment_id: string;
  /** Unique among the views of the experiment. */
  name: string;
  /** What the address of the runs page restores: filter, order, columns, charts. */
  state: Record<string, unknown>;
  /** Which form the state has. */
  state_version: number;
  /** Grows by one with every change. */
  version: number;
  /** Whether the experiment opens with it. */
  is_default?: boolean;
  /** ms since the epoch. */
  creation_time: number;
  /** Who made it. */
  created_by: string;
  /** ms since the epoch. */
  last_update_time: number;
  /** Who changed it last. */
  last_updated_by: string;
}

/** One view of an experiment. */
export interface SavedViewId {
  experiment_id: string;
  view_id: string;
}

/** The views of an experiment. */
export interface SavedViews {
  views?: (SavedView)[];
}

/** Which datasets the runs of 1 to 20 experiments read. */
export interface SearchDatasets {
  experiment_ids: (string)[];
}

/** Find what a text names: experiments, runs, views and reports that are not deleted. */
export interface SearchEverywhere {
  /** Part of a name, the beginning of an id, or words in the texts of a run. */
  text: string;
  /** Of each kind at most, 1 to 50. */
  max_results?: number;
}

/** Search experiments, and count their runs. */
export interface SearchExperimentOverviews {
  max_results?: number;
  page_token?: string;
  filter?: string;
  order_by?: (string)[];
  view_type?: ViewType;
}

/** Search experiments. */
export interface SearchExperiments {
  /** Page size, 1 to 50,000. */
  max_results?: number;
  /** Where the page before ended. */
  page_token?: string;
  /** In the language of docs/search.md. */
  filter?: string;
  /** Keys, each with ASC or DESC. */
  order_by?: (string)[];
  /** Which lifecycle stages to look at. */
  view_type?: ViewType;
}

/** Search the logged models of some experiments. */
export interface SearchLoggedModels {
  /** Where to look. */
  experiment_ids: (string)[];
  /** In the language of docs/search.md. */
  filter?: string;
  /** The metrics of the filter are those that were measured on one of these. */
  datasets?: (MeasuredOn)[];
  /** Page size. */
  max_results?: number;
  /** The newest first where nothing is said. */
  order_by?: (LoggedModelOrder)[];
  /** Where the page before ended. */
  page_token?: string;
}

/** Search registered models, with what their list shows of each. */
export interface SearchModelOverviews {
  /** In the language of docs/search.md. */
  filter?: string;
  /** Page size, up to 200. */
  max_results?: number;
  /** Keys, each with ASC or DESC; by name where nothing is said. */
  order_by?: (string)[];
  /** Where the page before ended. */
  page_token?: string;
  /** Whose version is shown. */
  alias?: string;
}

/** Search versions of all registered models. */
export interface SearchModelVersions {
  /** In the language of docs/search.md. */
  filter?: string;
  /** Page size, up to 200,000. */
  max_results?: number;
  /** Keys, each with ASC or DESC; the last changed first where nothing is said. */
  order_by?: (string)[];
  /** Where the page before ended. */
  page_token?: string;
}

/** List promotion requests, newest first. */
export interface SearchPromotionRequests {
  /** Of one registered model. */
  name?: string;
  /** Of one of its versions. */
  version?: string;
  /** In one state. */
  status?: RequestStatus;
  /** Of one author. */
  author?: string;
  /** Page size, up to 500. */
  max_results?: number;
  /** Where the page before ended. */
  page_token?: string;
}

/** Search registered models. */
export interface SearchRegisteredModels {
  /** In the language of docs/search.md. */
  filter?: string;
  /** Page size, up to 1,000. */
  max_results?: number;
  /** Keys, each with ASC or DESC; by name where nothing is said. */
  order_by?: (string)[];
  /** Where the page before ended. */
  page_token?: string;
}

/** Reports, those that changed last first. */
export interface SearchReports {
  /** Part of the title; "" for all. */
  text?: string;
  /** Page size, 1 to 200. */
  max_results?: number;
  /** Where the page before ended. */
  page_token?: string;
}

/** Search the runs of some experiments. */
export interface SearchRuns {
  /** Where to look; none finds nothing. */
  experiment_ids?: (string)[];
  /** In the language of docs/search.md. */
  filter?: string;
  /** Which lifecycle stages to look at. */
  run_view_type?: ViewType;
  /** Page size, 1 to 50,000. */
  max_results?: number;
  /** Keys, each with ASC or DESC; newest first where there are none. */
  order_by?: (string)[];
  /** Where the page before ended. */
  page_token?: string;
  /** What to answer of each run, such as `metrics.loss`, `params.*`, `tags.team` and `inputs`, and always its attributes; everything where there is nothing. */
  select?: (string)[];
}

/** One metric of one run, in step order.

With more points than asked for, each entry stands for a bucket of neighbouring points: step and
time of its last point, its last finite value, and its exact minimum and maximum. */
export interface Series {
  /** The run. */
  run_id: string;
  /** The metric. */
  key: string;
  /** Points in the range, before any reduction. */
  n_points: number;
  /** Whether entries are buckets. */
  is_sampled: boolean;
  /** Shape (n,). */
  steps: (number)[];
  /** ms since the epoch, shape (n,). */
  timestamps: (number)[];
  /** Shape (n,); NaN and infinities as they are. */
  values: (number | "NaN" | "Infinity" | "-Infinity")[];
  /** Least finite value of each bucket, shape (n,); absent unless sampled. */
  minimums?: (number | "NaN" | "Infinity" | "-Infinity")[];
  /** Greatest finite value of each bucket, shape (n,); absent unless sampled. */
  maximums?: (number | "NaN" | "Infinity" | "-Infinity")[];
}

/** What stood somewhere at a time. */
export interface Served {
  /** Numbers of the versions, ascending; none where nothing stood there. */
  versions?: (string)[];
  /** What put them there. */
  events?: (RegistryEvent)[];
  /** Those of the versions that are still there, as they are now. */
  model_versions?: (ModelVersion)[];
}

/** Optional parts that are switched on. */
export interface ServerFeatures {
  gateway: boolean;
}

/** What clients ask before they choose how to talk to the server. */
export interface ServerInfo {
  store_type: string;
  workspaces_enabled: boolean;
  trace_archival_enabled: boolean;
  multipart_uploads_enabled: boolean;
  multipart_downloads_enabled: boolean;
  presigned_upload_run_id_supported: boolean;
  presigned_upload_model_id_supported: boolean;
  features_enabled: ServerFeatures;
  fluvial_version: string;
}

/** Let an alias point at a version. */
export interface SetAlias {
  name: string;
  alias: string;
  version: string;
}

/** Set one tag of an experiment. */
export interface SetExperimentTag {
  experiment_id: string;
  key: string;
  value?: string;
}

/** Set tags of a logged model. */
export interface SetLoggedModelTags {
  model_id: string;
  tags?: (Tag)[];
}

/** Set one tag of a version. */
export interface SetModelVersionTag {
  name: string;
  version: string;
  key: string;
  value?: string;
}

/** Give a registered model a policy: its lifecycle, what guards its places, and gates. */
export interface SetPolicy {
  /** The registered model. */
  name: string;
  /** YAML, as docs/promotion.md describes it; "" for none. */
  text: string;
  /** Why. */
  reason?: string;
}

/** Set one tag of a registered model. */
export interface SetRegisteredModelTag {
  name: string;
  key: string;
  value?: string;
}

/** Set one tag of a run. */
export interface SetTag {
  run_id?: string;
  run_uuid?: string;
  key: string;
  value?: string;
}

/** Start a run under an id that the caller chose, or find it if it was started before.

What a client's journal holds: it can be sent at any time later, and more than once. */
export interface StartRun {
  /** 32 hex characters. */
  run_id: string;
  /** The experiment; or `experiment_name`, which is created where it is missing. */
  experiment_id?: string;
  /** The experiment, by name. */
  experiment_name?: string;
  /** Who started it. */
  user_id?: string;
  /** For people; generated where it is empty. */
  run_name?: string;
  /** ms since the epoch. */
  start_time?: number;
  /** Labels. */
  tags?: (Tag)[];
  /** Whether the caller gives signs of life (`wire/heartbeats.py`) until the run ends. */
  beats?: boolean;
}

/** What is computed of a number over the runs of a group. */
export type Statistic = "count" | "max" | "mean" | "min" | "std";

/** Ask the program of a run to end it; its client hears of it with its next sign of life.

The time of the wish, ms since the epoch, is the tag `fluvial.stop_requested`; without it the wish is
withdrawn. */
export interface StopRun {
  run_id?: string;
  run_uuid?: string;
}

/** A number over the runs of a group; those that lack it or where it is NaN do not count. */
export interface Summary {
  /** How many runs have the number. */
  count: number;
  /** Arithmetic mean. */
  mean?: number | "NaN" | "Infinity" | "-Infinity";
  /** Standard deviation of the sample (n - 1); absent for fewer than two. */
  std?: number | "NaN" | "Infinity" | "-Infinity";
  /** The least. */
  min?: number | "NaN" | "Infinity" | "-Infinity";
  /** The greatest. */
  max?: number | "NaN" | "Infinity" | "-Infinity";
}

/** One field of the rows: which of them have it, counted from the first row given, and their values. */
export interface TableColumn {
  /** Places of rows, ascending. */
  rows?: (number)[];
  /** Of a metric, one for each of these. */
  numbers?: (number | "NaN" | "Infinity" | "-Infinity")[];
  /** Of anything else. */
  texts?: (string)[];
}

/** A run of the table. */
export interface TableRow {
  /** Its id. */
  run_id: string;
  /** Its experiment. */
  experiment_id: string;
  /** For people. */
  run_name: string;
  /** How far it has come. */
  status: RunStatus;
  /** Whether it is in the trash. */
  lifecycle_stage: LifecycleStage;
  /** ms since the epoch. */
  start_time: number;
  /** ms since the epoch; absent while it runs. */
  end_time?: number;
  /** Who started it. */
  user_id?: string;
  /** How many runs it is within, in a table of nested runs. */
  depth?: number;
  /** How many runs of the table are within it, at any depth. */
  n_below?: number;
  /** Whether these are rows too. */
  is_open?: boolean;
  /** False of a run that is here only because of others within it. */
  is_match?: boolean;
}

/** A label of a run or an experiment; may change later. */
export interface Tag {
  /** 1 to 250 characters. */
  key: string;
  /** Up to 8000 characters on a run, 20,000 on an experiment; may be empty. */
  value?: string;
}

/** Move a version to one of MLflow's stages. */
export interface TransitionStage {
  /** The registered model. */
  name: string;
  /** Its version. */
  version: string;
  /** None, Staging, Production or Archived, in any case. */
  stage: string;
  /** Archive the others that are in Staging or Production, if it goes there. */
  archive_existing_versions?: boolean;
}

/** Rename an experiment. */
export interface UpdateExperiment {
  experiment_id: string;
  new_name: string;
}

/** Describe a version anew; without a description it has none. */
export interface UpdateModelVersion {
  name: string;
  version: string;
  description?: string;
}

/** Describe a registered model anew; without a description it has none. */
export interface UpdateRegisteredModel {
  name: string;
  description?: string;
}

/** Change a report that nobody has changed since it was read. */
export interface UpdateReport {
  /** Which. */
  report_id: string;
  /** The version that was read. */
  version: number;
  /** The new title; absent to leave it. */
  title?: string;
  /** The new text; absent to leave it. */
  text?: string;
}

/** Change a run's status, end or name; what is absent stays as it is. */
export interface UpdateRun {
  run_id?: string;
  run_uuid?: string;
  status?: RunStatus;
  end_time?: number;
  run_name?: string;
}

/** Change a view that nobody has changed since it was read. */
export interface UpdateSavedView {
  /** Of which experiment. */
  experiment_id: string;
  /** Which view. */
  view_id: string;
  /** The version that was read. */
  version: number;
  /** The new name; absent to leave it. */
  name?: string;
  /** The new state; absent to leave it. */
  state?: Record<string, unknown>;
  state_version?: number;
  /** Whether the experiment opens with it from now on; absent to leave that. */
  is_default?: boolean;
}

/** Change what is given of a webhook. */
export interface UpdateWebhook {
  webhook_id: string;
  name?: string;
  description?: string;
  url?: string;
  events?: (WebhookEvent)[];
  secret?: string;
  status?: WebhookStatus;
}

/** A run after a change. */
export interface UpdatedRun {
  run_info: RunInfo;
}

/** What a check found. */
export type Verdict = "fail" | "pass" | "unknown";

/** One version of a registered model. */
export interface VersionName {
  name: string;
  version: string;
}

/** Which lifecycle stages a search looks at. */
export type ViewType = "ACTIVE_ONLY" | "ALL" | "DELETED_ONLY";

/** Somebody to tell. The secret that signs what is sent is never answered. */
export interface Webhook {
  /** A UUID. */
  webhook_id: string;
  /** For people. */
  name: string;
  /** For people. */
  description?: string;
  /** Where to; https. */
  url: string;
  /** What of. */
  events: (WebhookEvent)[];
  /** Whether it is told. */
  status: WebhookStatus;
  /** ms since the epoch. */
  creation_timestamp: number;
  /** ms since the epoch. */
  last_updated_timestamp: number;
}

/** What happened. */
export type WebhookAction = "CREATED" | "DELETED" | "EXCEEDED" | "SET" | "UPDATED";

/** One message to one webhook, and what became of it. */
export interface WebhookDelivery {
  /** Also in the message's headers. */
  delivery_id: string;
  /** The webhook. */
  webhook_id: string;
  /** What it tells. */
  event: WebhookEvent;
  /** `pending`, `delivered` or `failed`. */
  status: string;
  /** How often it was sent. */
  n_attempts: number;
  /** The HTTP status of the last answer. */
  response_status?: number;
  /** Why it did not arrive. */
  error?: string;
  /** When the event happened, ms since the epoch. */
  timestamp: number;
  /** When it is sent again, while it is pending. */
  next_attempt_timestamp?: number;
  /** What was sent, as JSON. */
  body: string;
}

/** What an event is about; its value is MLflow's word on the wire. */
export type WebhookEntity = "BUDGET_POLICY" | "MODEL_VERSION" | "MODEL_VERSION_ALIAS" | "MODEL_VERSION_TAG" | "PROMPT" | "PROMPT_ALIAS" | "PROMPT_TAG" | "PROMPT_VERSION" | "PROMPT_VERSION_TAG" | "REGISTERED_MODEL";

/** What a webhook is told of. */
export interface WebhookEvent {
  entity: WebhookEntity;
  action: WebhookAction;
}

/** One webhook, by id. */
export interface WebhookId {
  webhook_id: string;
}

/** Whether a webhook is told. */
export type WebhookStatus = "ACTIVE" | "DISABLED";

/** A page of webhooks; `next_page_token` is absent on the last. */
export interface Webhooks {
  webhooks?: (Webhook)[];
  next_page_token?: string;
}
