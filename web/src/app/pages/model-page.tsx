import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";

import { getModel } from "@/api/registry";
import { TableSkeleton } from "@/components/table-skeleton";
import { AboutModel } from "@/features/models/components/about-model";
import { HistoryList } from "@/features/models/components/history-list";
import { PolicyPanel } from "@/features/models/components/policy-panel";
import { RequestDialog } from "@/features/models/components/request-dialog";
import { RequestsList } from "@/features/models/components/requests-list";
import { VersionsCompare } from "@/features/models/components/versions-compare";
import { VersionsTable } from "@/features/models/components/versions-table";

import { usePageTitle } from "../page-title";
import { MODEL_TABS, type ModelSearch } from "../search-params";
import { PageError } from "../page-error";
import classes from "./page.module.css";

const route = getRouteApi("/models/$name");

export function ModelPage() {
  const { name } = route.useParams();
  const { tab = "versions", versions = [], request = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(getModel(name));
  const [isPromoting, setIsPromoting] = useState(false);
  usePageTitle(name);
  const patch = (change: ModelSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });

  if (query.isPending) return <TableSkeleton rows={8} />;
  if (query.isError) {
    return (
      <PageError
        error={query.error}
        missing="No such model"
        elsewhere={<Link to="/models">All models</Link>}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <Link to="/models">Models</Link>
        <h1 className={classes.title}>{name}</h1>
        <span className={classes.count}>{query.data.owner}</span>
        <Button className={classes.last ?? ""} onClick={() => setIsPromoting(true)}>
          Promote a version
        </Button>
      </div>
      <Tabs
        className={classes.tabs ?? ""}
        value={tab}
        onChange={(next) => patch({ tab: MODEL_TABS.find((one) => one === next) })}
        keepMounted={false}
      >
        <Tabs.List className={classes.tabList ?? ""}>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
          <Tabs.Tab value="compare">Compare</Tabs.Tab>
          <Tabs.Tab value="requests">Promotion requests</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
          <Tabs.Tab value="policy">Policy</Tabs.Tab>
          <Tabs.Tab value="about">About</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="versions" className={classes.tabPanel ?? ""}>
          <VersionsTable
            name={name}
            onCompare={(chosen) => patch({ tab: "compare", versions: chosen })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="compare" className={classes.tabPanel ?? ""}>
          <VersionsCompare name={name} versions={versions} />
        </Tabs.Panel>
        <Tabs.Panel value="requests" className={classes.tabPanel ?? ""}>
          <RequestsList name={name} linked={request} />
        </Tabs.Panel>
        <Tabs.Panel value="history" className={classes.tabPanel ?? ""}>
          <HistoryList name={name} version="" />
        </Tabs.Panel>
        <Tabs.Panel value="policy" className={classes.tabPanel ?? ""}>
          <PolicyPanel name={name} />
        </Tabs.Panel>
        <Tabs.Panel value="about" className={classes.tabPanel ?? ""}>
          <AboutModel model={query.data} />
        </Tabs.Panel>
      </Tabs>
      {isPromoting && (
        <RequestDialog
          name={name}
          version=""
          onClose={() => setIsPromoting(false)}
          onCreated={({ request_id: id }) => {
            setIsPromoting(false);
            patch({ tab: "requests", request: id });
          }}
        />
      )}
    </div>
  );
}
