import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  redirect,
} from "@tanstack/react-router";
import type { ComponentType } from "react";

import { ErrorPanel } from "@/components/error-panel";
import { loaded } from "@/components/loaded";
import { TableSkeleton } from "@/components/table-skeleton";

import { NotFound } from "./not-found";
import { RunsPage } from "./pages/runs-page";
import {
  parseCompareSearch,
  parseExperimentsSearch,
  parseModelSearch,
  parseReportSearch,
  parseReportsSearch,
  parseRunSearch,
  parseRunsSearch,
} from "./search-params";
import { Shell } from "./shell";

/** Loaded when a link to it is under the pointer. */
function page(load: () => Promise<ComponentType>) {
  return loaded(load, () => <TableSkeleton rows={12} />);
}

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: page(async () => (await import("./pages/home-page")).HomePage),
});

export const experimentsRoute = createRoute({
  getParentRoute: () => root,
  path: "/experiments",
  validateSearch: parseExperimentsSearch,
  component: page(async () => (await import("./pages/experiments-page")).ExperimentsPage),
});

export const runsRoute = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId",
  validateSearch: parseRunsSearch,
  // The page that most links lead to is part of the app itself: nothing more to wait for.
  component: RunsPage,
});

export const compareRoute = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId/compare",
  validateSearch: parseCompareSearch,
  component: page(async () => (await import("./pages/compare-page")).ComparePage),
});

export const runRoute = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId/runs/$runId",
  validateSearch: parseRunSearch,
  component: page(async () => (await import("./pages/run-page")).RunPage),
});

const reports = createRoute({
  getParentRoute: () => root,
  path: "/reports",
  validateSearch: parseReportsSearch,
  component: page(async () => (await import("./pages/reports-page")).ReportsPage),
});

const report = createRoute({
  getParentRoute: () => root,
  path: "/reports/$reportId",
  validateSearch: parseReportSearch,
  component: page(async () => (await import("./pages/report-page")).ReportPage),
});

export const modelsRoute = createRoute({
  getParentRoute: () => root,
  path: "/models",
  validateSearch: parseReportsSearch,
  component: page(async () => (await import("./pages/models-page")).ModelsPage),
});

export const modelRoute = createRoute({
  getParentRoute: () => root,
  path: "/models/$name",
  validateSearch: parseModelSearch,
  component: page(async () => (await import("./pages/model-page")).ModelPage),
});

export const versionRoute = createRoute({
  getParentRoute: () => root,
  path: "/models/$name/versions/$version",
  component: page(async () => (await import("./pages/version-page")).VersionPage),
});

const notifications = createRoute({
  getParentRoute: () => root,
  path: "/notifications",
  component: page(async () => (await import("./pages/notifications-page")).NotificationsPage),
});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: "/webhooks",
  component: page(async () => (await import("./pages/webhooks-page")).WebhooksPage),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: page(async () => (await import("./pages/settings-page")).SettingsPage),
});

/** MLflow's name for the runs of an experiment. */
const mlflowRuns = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId/runs",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/experiments/$experimentId", params, replace: true });
  },
});

/** MLflow's links to a tab of a run: `…/model-metrics`, `…/artifacts/plots/roc.png`. */
const mlflowRunTab = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId/runs/$runId/$tab/$",
  beforeLoad: ({ params: { experimentId, runId, tab, _splat = "" } }) => {
    throw redirect({
      to: "/experiments/$experimentId/runs/$runId",
      params: { experimentId, runId },
      search: parseRunSearch(
        tab === "artifacts"
          ? { tab, path: _splat }
          : { tab: tab.endsWith("metrics") ? "charts" : undefined },
      ),
      replace: true,
    });
  },
});

/** MLflow's link to a comparison: `/compare-runs?runs=["…"]&experiments=["1"]`. */
const mlflowCompare = createRoute({
  getParentRoute: () => root,
  path: "/compare-runs",
  validateSearch: (search: Record<string, unknown>) => ({
    runs: texts(search["runs"]),
    experiments: texts(search["experiments"]),
  }),
  beforeLoad: ({ search }) => {
    throw redirect({
      to: "/experiments/$experimentId/compare",
      params: { experimentId: search.experiments[0] ?? "0" },
      search: { runs: search.runs.join(",") },
      replace: true,
    });
  },
});

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

const tree = root.addChildren([
  home,
  experimentsRoute,
  runsRoute,
  compareRoute,
  runRoute,
  reports,
  report,
  modelsRoute,
  modelRoute,
  versionRoute,
  notifications,
  webhooks,
  settings,
  mlflowRuns,
  mlflowRunTab,
  mlflowCompare,
]);

export function createAppRouter() {
  return createRouter({
    routeTree: tree,
    history: createHashHistory(),
    defaultPreload: "intent",
    defaultPendingComponent: () => <TableSkeleton rows={12} />,
    defaultErrorComponent: ({ error, reset }) => (
      <ErrorPanel
        error={error instanceof Error ? error : new Error(String(error))}
        onRetry={reset}
      />
    ),
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: AppRouter;
  }
}
