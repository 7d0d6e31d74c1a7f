import { queryOptions } from "@tanstack/react-query";

import { get, post } from "./http";
import { REGISTRY } from "./registry";
import type {
  CheckGates,
  CreatePromotionRequest,
  EvidenceList,
  GateResults,
  Notifications,
  OnePromotionRequest,
  Policy,
  PromotionRequest,
  PromotionRequests,
  RequestId,
  ReviewPromotion,
  SetPolicy,
} from "./schema";

/** What was found out about a version: by gates of the model's policy, and by checks of the model. */
export interface Finding {
  id: string;
  what: string;
  verdict: "pass" | "fail" | "unknown";
  summary: string;
  /** Facts, for programs. */
  details: Readonly<Record<string, unknown>>;
  by: string;
  at: number;
}

/** The last finding of each gate and of each check. */
export function listFindings(name: string, version: string) {
  return queryOptions({
    queryKey: ["registry", "findings", name, version],
    queryFn: async ({ signal }): Promise<Finding[]> => {
      const query = { name, version, is_latest: "true" };
      const [gates, evidence] = await Promise.all([
        get<GateResults>(`${REGISTRY}/gates/list`, query, signal),
        get<EvidenceList>("api/1.0/fluvial/models/evidence/list", query, signal),
      ]);
      return [
        ...(gates.results ?? []).map((one, at) => ({
          id: `gate ${one.result_id ?? at}`,
          what: `Gate ${one.gate}`,
          verdict: one.verdict,
          summary: one.summary,
          details: one.details ?? {},
          by: one.author,
          at: one.timestamp,
        })),
        ...(evidence.evidence ?? []).map((one) => ({
          id: `evidence ${one.evidence_id}`,
          what: one.kind,
          verdict: one.verdict,
          summary: summaryOf(one.details),
          details: one.details ?? {},
          by: one.author,
          at: one.timestamp,
        })),
      ];
    },
  });
}

export type { PromotionRequest };

export function listRequests(name: string) {
  return queryOptions({
    queryKey: ["registry", "requests", name],
    queryFn: async ({ signal }) => {
      const answer = await get<PromotionRequests>(`${REGISTRY}/requests/list`, { name }, signal);
      return answer.requests ?? [];
    },
  });
}

export async function reviewRequest(
  requestId: string,
  decision: ReviewPromotion["decision"],
  comment: string,
): Promise<void> {
  const wanted: ReviewPromotion = { request_id: requestId, decision, comment };
  await post(`${REGISTRY}/requests/review`, wanted);
}

/** Evaluates the gates again, and carries out what has its approvals. */
export async function applyRequest(requestId: string): Promise<void> {
  await post(`${REGISTRY}/requests/apply`, { request_id: requestId } satisfies RequestId);
}

export async function withdrawRequest(requestId: string): Promise<void> {
  await post(`${REGISTRY}/requests/withdraw`, { request_id: requestId } satisfies RequestId);
}

/** Asks that a version may stand somewhere; where nobody has to approve, it does at once. */
export async function createRequest(wanted: CreatePromotionRequest): Promise<PromotionRequest> {
  return (await post<OnePromotionRequest>(`${REGISTRY}/requests/create`, wanted)).request;
}

export async function checkGates(name: string, version: string): Promise<void> {
  await post(`${REGISTRY}/gates/check`, { name, version } satisfies CheckGates);
}

/** The policy of a model; number 0 where it has none. */
export function getPolicy(name: string) {
  return queryOptions({
    queryKey: ["registry", "policy", name],
    queryFn: ({ signal }) => get<Policy>(`${REGISTRY}/policy`, { name }, signal),
  });
}

export async function setPolicy(name: string, text: string, reason: string): Promise<void> {
  await post(`${REGISTRY}/policy`, { name, text, reason } satisfies SetPolicy);
}

const OFTEN_MS = 60_000;

/** What waits for somebody, and what became of what they asked for. */
export function listNotifications(user: string) {
  return queryOptions({
    queryKey: ["registry", "notifications", user],
    enabled: user !== "",
    // Pages of the tracker do not hear of the registry's changes.
    refetchInterval: OFTEN_MS,
    queryFn: async ({ signal }) => {
      const found = await get<Notifications>(`${REGISTRY}/notifications`, { user }, signal);
      const { waiting = [], decided = [], failing = [] } = found;
      return { waiting, decided, failing };
    },
  });
}

/** What a check of `fluvial models verify` says in a sentence. */
function summaryOf(details: Readonly<Record<string, unknown>> = {}): string {
  const { summary } = details;
  return typeof summary === "string" ? summary : "";
}
