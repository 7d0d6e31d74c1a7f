import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";

import { quote } from "@/lib/filter-text";
import type { Place } from "@/lib/policy";

import { get, post, send } from "./http";
import type {
  AliasName,
  DeleteModelVersionTag,
  DeleteRegisteredModelTag,
  ModelVersion as WireVersion,
  ModelVersionsPage,
  OneModelVersion,
  OneRegisteredModel,
  Promote,
  RegisteredModel as WireModel,
  RegisteredModelsPage,
  RegistryEvent as WireEvent,
  RegistryHistory,
  Rollback,
  SetModelVersionTag,
  SetRegisteredModelTag,
  UpdateModelVersion,
  UpdateRegisteredModel,
} from "./schema";

/** A named line of models, with times in ms since the epoch. */
export interface RegisteredModel {
  name: string;
  description: string;
  owner: string;
  createdAt: number;
  updatedAt: number;
  tags: Record<string, string>;
  /** Which version each alias points at. */
  aliases: Record<string, string>;
  /** The highest number of a version that is known here; "" where there is none. */
  newest: string;
}

export interface ModelVersion {
  name: string;
  version: string;
  description: string;
  owner: string;
  createdAt: number;
  updatedAt: number;
  /** MLflow's stage; "None" for none. */
  stage: string;
  /** Its state in the model's own lifecycle; "" where it has none. */
  state: string;
  source: string;
  runId: string;
  modelId: string;
  tags: Record<string, string>;
  aliases: string[];
}

/** One thing that was decided about a registered model. */
export interface RegistryEvent {
  id: string;
  name: string;
  version: string;
  field: string;
  key: string;
  before: string | null;
  after: string | null;
  reason: string;
  author: string;
  at: number;
}

const MODELS = "api/2.0/mlflow/registered-models";
const VERSIONS = "api/2.0/mlflow/model-versions";
export const REGISTRY = "api/1.0/fluvial/registry";
const PAGE_SIZE = 50;

/** Registered models whose name has a text in it, or that a filter such as `tags.team = 'vision'` finds. */
export function searchModels(text: string) {
  return infiniteQueryOptions({
    queryKey: ["registry", "models", text],
    initialPageParam: "",
    placeholderData: keepPreviousData,
    queryFn: async ({ pageParam, signal }) => {
      const query: Record<string, string> = {
        filter: filterOf(text),
        max_results: String(PAGE_SIZE),
        ...(pageParam === "" ? {} : { page_token: pageParam }),
      };
      const answer = await get<RegisteredModelsPage>(`${MODELS}/search`, query, signal);
      return {
        models: (answer.registered_models ?? []).map(parseModel),
        nextPageToken: answer.next_page_token ?? null,
      };
    },
    getNextPageParam: (page) => page.nextPageToken,
  });
}

export function getModel(name: string) {
  return queryOptions({
    queryKey: ["registry", "model", name],
    queryFn: async ({ signal }) =>
      parseModel(
        (await get<OneRegisteredModel>(`${MODELS}/get`, { name }, signal)).registered_model,
      ),
  });
}

/** The versions of a model, the newest first. */
export function listVersions(name: string) {
  return infiniteQueryOptions({
    queryKey: ["registry", "versions", name],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      const query: Record<string, string> = {
        filter: `name = ${quote(name)}`,
        order_by: "version_number DESC",
        max_results: String(PAGE_SIZE),
        ...(pageParam === "" ? {} : { page_token: pageParam }),
      };
      const answer = await get<ModelVersionsPage>(`${VERSIONS}/search`, query, signal);
      return {
        versions: (answer.model_versions ?? []).map(parseVersion),
        nextPageToken: answer.next_page_token ?? null,
      };
    },
    getNextPageParam: (page) => page.nextPageToken,
  });
}

export function getVersion(name: string, version: string) {
  return queryOptions({
    queryKey: ["registry", "version", name, version],
    queryFn: async ({ signal }) => {
      const answer = await get<OneModelVersion>(`${VERSIONS}/get`, { name, version }, signal);
      return parseVersion(answer.model_version);
    },
  });
}

export interface HistoryQuery {
  /** "" for all models. */
  name: string;
  /** "" for all versions. */
  version: string;
}

/** What was decided, newest first. */
export function readHistory({ name, version }: HistoryQuery) {
  return infiniteQueryOptions({
    queryKey: ["registry", "history", name, version],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      const query: Record<string, string> = {
        max_results: String(PAGE_SIZE),
        ...(name === "" ? {} : { name }),
        ...(version === "" ? {} : { version }),
        ...(pageParam === "" ? {} : { page_token: pageParam }),
      };
      const answer = await get<RegistryHistory>(`${REGISTRY}/history`, query, signal);
      return {
        events: (answer.events ?? []).map(parseEvent),
        nextPageToken: answer.next_page_token ?? null,
      };
    },
    getNextPageParam: (page) => page.nextPageToken,
  });
}

/** Lets an alias point at a version. */
export async function setAlias(
  name: string,
  alias: string,
  version: string,
  reason = "",
): Promise<void> {
  const wanted: Promote = { name, version, target: "alias", key: alias, reason };
  await post(`${REGISTRY}/promote`, wanted);
}

export async function deleteAlias(name: string, alias: string): Promise<void> {
  await send("DELETE", `${MODELS}/alias`, { name, alias } satisfies AliasName);
}

/** The place whose last state an event ended, null where nothing is to be put back. */
export function placeBefore({ field, key, before, after }: RegistryEvent): Place | null {
  if (field === "alias" && before !== null) return { target: "alias", key };
  const isStage = field === "stage" && after !== null && after !== "None" && after !== "Archived";
  return isStage ? { target: "stage", key: after } : null;
}

/** Puts back what stood in a place just before something was decided. */
export async function rollBack(event: RegistryEvent, place: Place, reason: string): Promise<void> {
  await post(`${REGISTRY}/rollback`, {
    name: event.name,
    ...place,
    event_id: event.id,
    reason,
  } satisfies Rollback);
}

export async function describeModel(name: string, description: string): Promise<void> {
  await send("PATCH", `${MODELS}/update`, { name, description } satisfies UpdateRegisteredModel);
}

export async function setModelTag(name: string, key: string, value: string): Promise<void> {
  await post(`${MODELS}/set-tag`, { name, key, value } satisfies SetRegisteredModelTag);
}

export async function deleteModelTag(name: string, key: string): Promise<void> {
  await send("DELETE", `${MODELS}/delete-tag`, { name, key } satisfies DeleteRegisteredModelTag);
}

/** A version, by the name of its model and its number. */
export interface VersionName {
  name: string;
  version: string;
}

export async function describeVersion(of: VersionName, description: string): Promise<void> {
  const { name, version } = of;
  const wanted: UpdateModelVersion = { name, version, description };
  await send("PATCH", `${VERSIONS}/update`, wanted);
}

export async function setVersionTag(of: VersionName, key: string, value: string): Promise<void> {
  const { name, version } = of;
  await post(`${VERSIONS}/set-tag`, { name, version, key, value } satisfies SetModelVersionTag);
}

export async function deleteVersionTag(of: VersionName, key: string): Promise<void> {
  const { name, version } = of;
  const wanted: DeleteModelVersionTag = { name, version, key };
  await send("DELETE", `${VERSIONS}/delete-tag`, wanted);
}

function filterOf(text: string): string {
  if (text === "" || /[=<>]| LIKE | IN /i.test(text)) return text;
  return `name ILIKE ${quote(`%${text.replaceAll(/[\\%_]/g, "")}%`)}`;
}

function parseModel(model: WireModel): RegisteredModel {
  const aliases = model.aliases ?? [];
  const versions = (model.latest_versions ?? []).map(({ version }) => Number(version));
  return {
    name: model.name,
    description: model.description ?? "",
    owner: model.user_id ?? "",
    createdAt: model.creation_timestamp,
    updatedAt: model.last_updated_timestamp,
    tags: tagsOf(model.tags),
    aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, version])),
    newest: versions.length === 0 ? "" : String(Math.max(...versions)),
  };
}

function parseVersion(version: WireVersion): ModelVersion {
  return {
    name: version.name,
    version: version.version,
    description: version.description ?? "",
    owner: version.user_id ?? "",
    createdAt: version.creation_timestamp,
    updatedAt: version.last_updated_timestamp,
    stage: version.current_stage,
    state: version.state ?? "",
    source: version.source,
    runId: version.run_id,
    modelId: version.model_id ?? "",
    tags: tagsOf(version.tags),
    aliases: [...(version.aliases ?? [])],
  };
}

function parseEvent(event: WireEvent): RegistryEvent {
  return {
    id: event.event_id,
    name: event.name,
    version: event.version ?? "",
    field: event.field,
    key: event.key ?? "",
    before: event.before ?? null,
    after: event.after ?? null,
    reason: event.reason ?? "",
    author: event.author,
    at: event.timestamp,
  };
}

function tagsOf(tags: WireModel["tags"]): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ key, value }) => [key, value ?? ""]));
}
