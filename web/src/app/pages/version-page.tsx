import { getRouteApi, Link } from "@tanstack/react-router";

import { VersionLineage } from "@/features/lineage/components/version-lineage";
import { VersionView } from "@/features/models/components/version-view";

import { usePageTitle } from "../page-title";
import classes from "./page.module.css";

const route = getRouteApi("/models/$name/versions/$version");

export function VersionPage() {
  const { name, version } = route.useParams();
  const navigate = route.useNavigate();
  usePageTitle(`${name}, version ${version}`);

  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <Link to="/models">Models</Link>
        <Link to="/models/$name" params={{ name }}>
          {name}
        </Link>
        <h1 className={classes.title}>Version {version}</h1>
      </div>
      <div className={classes.tabPanel}>
        <VersionView
          name={name}
          version={version}
          lineage={
            <VersionLineage
              name={name}
              version={version}
              onOpenRun={(params) =>
                void navigate({ to: "/experiments/$experimentId/runs/$runId", params })
              }
            />
          }
        />
      </div>
    </div>
  );
}
