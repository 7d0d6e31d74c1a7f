import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { IconCube } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { getVersion, searchModels, type RegisteredModel } from "@/api/registry";
import { Age } from "@/components/age";
import { CodeBlock } from "@/components/code-block";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";

import { MetricsLine } from "./metrics-line";
import classes from "./models.module.css";
import { VerdictBadges } from "./verdict-badges";

/** Aliases that name what is served, the first that a model has. */
const CHAMPIONS = ["champion", "production", "prod"];
const EXAMPLE = `import fluvial

fluvial.register_model("models:/<model id>", "churn")`;

export function ModelsList({ text }: { text: string }) {
  const query = useInfiniteQuery(searchModels(text));

  if (query.isPending) return <TableSkeleton rows={8} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const models = query.data.pages.flatMap((page) => page.models);
  if (models.length === 0) {
    return text === "" ? (
      <EmptyState
        icon={<IconCube size={30} stroke={1.4} />}
        title="No registered models yet"
        hint="A registered model has numbered versions, and names such as champion that move from one to the next."
        action={<CodeBlock code={EXAMPLE} label="Python" />}
      />
    ) : (
      <EmptyState title="No models match" hint={`No name has “${text}” in it.`} />
    );
  }
  return (
    <div className={classes.list}>
      <table className={classes.table} aria-label="Models">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Champion</th>
            <th scope="col" className={classes.wide}>
              Newest
            </th>
            <th scope="col" className={classes.wide}>
              Owner
            </th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.name}>
              <td>
                <Link to="/models/$name" params={{ name: model.name }} className={classes.name}>
                  {model.name}
                </Link>
                {model.description !== "" && (
                  <div className={classes.soft}>{model.description.split("\n")[0]}</div>
                )}
              </td>
              <td>
                <Champion model={model} />
              </td>
              <td className={`${classes.soft} ${classes.wide}`}>{model.newest}</td>
              <td className={`${classes.soft} ${classes.wide}`}>{model.owner}</td>
              <td className={classes.soft}>
                <Age time={model.updatedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {query.hasNextPage && (
        <p className={classes.none}>
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show more
          </Button>
        </p>
      )}
    </div>
  );
}

function Champion({ model }: { model: RegisteredModel }) {
  const alias = CHAMPIONS.find((name) => model.aliases[name] !== undefined);
  const version = alias === undefined ? "" : (model.aliases[alias] ?? "");
  const found = useQuery({ ...getVersion(model.name, version), enabled: version !== "" }).data;

  if (version === "") return <span className={classes.soft}>none</span>;
  return (
    <>
      <Link to="/models/$name/versions/$version" params={{ name: model.name, version }}>
        Version {version}
      </Link>{" "}
      <VerdictBadges name={model.name} version={version} />
      {found !== undefined && <MetricsLine version={found} />}
    </>
  );
}
