import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { get, post } from "./http";
import type {
  OneReport,
  OneReportVersion,
  ReportHead as WireHead,
  ReportsPage,
  ReportVersion as WireVersion,
  ReportVersions,
  SearchReports,
  UpdateReport,
} from "./schema";

/** Times are in ms since the epoch. */
export interface ReportHead {
  id: string;
  title: string;
  version: number;
  createdBy: string;
  updatedAt: number;
  updatedBy: string;
}

export interface Report extends ReportHead {
  text: string;
}

export interface ReportVersion {
  version: number;
  title: string;
  savedAt: number;
  savedBy: string;
  /** When its panels were frozen, or null. */
  pinnedAt: number | null;
}

export interface OldReport extends ReportVersion {
  text: string;
  /** What its panels showed; see lib/panel-data.ts. */
  data: string;
}

const PAGE_SIZE = 50;

export function searchReports(text: string) {
  return infiniteQueryOptions({
    queryKey: ["reports", "search", text],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      const request: SearchReports = {
        text,
        max_results: PAGE_SIZE,
        ...(pageParam === "" ? {} : { page_token: pageParam }),
      };
      const page = await post<ReportsPage>("api/1.0/fluvial/reports/search", request, signal);
      return {
        reports: (page.reports ?? []).map(parseHead),
        nextPageToken: page.next_page_token ?? null,
      };
    },
    getNextPageParam: (page) => page.nextPageToken,
  });
}

export function getReport(reportId: string) {
  return queryOptions({
    queryKey: ["reports", "one", reportId],
    queryFn: async ({ signal }) => {
      const query = { report_id: reportId };
      return parseReport(await get<OneReport>("api/1.0/fluvial/reports/get", query, signal));
    },
  });
}

export function listReportVersions(reportId: string) {
  return queryOptions({
    queryKey: ["reports", "versions", reportId],
    queryFn: async ({ signal }) => {
      const query = { report_id: reportId };
      const path = "api/1.0/fluvial/reports/versions";
      return ((await get<ReportVersions>(path, query, signal)).versions ?? []).map(parseVersion);
    },
  });
}

export function getReportVersion(reportId: string, version: number) {
  return queryOptions({
    queryKey: ["reports", "version", reportId, version],
    queryFn: async ({ signal }): Promise<OldReport> => {
      const query = { report_id: reportId, version: String(version) };
      const answer = await get<OneReportVersion>("api/1.0/fluvial/reports/version", query, signal);
      return { ...parseVersion(answer.version), text: answer.text, data: answer.data ?? "" };
    },
  });
}

export async function createReport(title: string, text: string): Promise<Report> {
  return parseReport(await post<OneReport>("api/1.0/fluvial/reports/create", { title, text }));
}

/** Refused where somebody changed the report since it was read. */
export async function updateReport(
  reportId: string,
  version: number,
  change: { title: string; text: string },
): Promise<Report> {
  const request: UpdateReport = { report_id: reportId, version, ...change };
  return parseReport(await post<OneReport>("api/1.0/fluvial/reports/update", request));
}

export async function deleteReport(reportId: string): Promise<void> {
  await post("api/1.0/fluvial/reports/delete", { report_id: reportId });
}

export async function restoreReport(reportId: string): Promise<void> {
  await post("api/1.0/fluvial/reports/restore", { report_id: reportId });
}

/** Keeps what the panels of the newest version show; the number of the version that keeps it. */
export async function pinReport(reportId: string, version: number, data: string): Promise<number> {
  const request = { report_id: reportId, version, data };
  return (await post<OneReportVersion>("api/1.0/fluvial/reports/pin", request)).version.version;
}

function parseReport({ report, text }: OneReport): Report {
  return { ...parseHead(report), text };
}

function parseHead(head: WireHead): ReportHead {
  return {
    id: head.report_id,
    title: head.title,
    version: head.version,
    createdBy: head.created_by,
    updatedAt: head.last_update_time,
    updatedBy: head.last_updated_by,
  };
}

function parseVersion(version: WireVersion): ReportVersion {
  return {
    version: version.version,
    title: version.title,
    savedAt: version.saved_time,
    savedBy: version.saved_by,
    pinnedAt: version.pinned_time ?? null,
  };
}
