import { Button } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { IconArrowsLeftRight, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState, type DragEvent } from "react";

import { deleteAlias, listVersions, setAlias, type ModelVersion } from "@/api/registry";
import { Age } from "@/components/age";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { Menu } from "@/components/menu";
import { NameDialog } from "@/components/name-dialog";
import { notifyError, notifyUndo } from "@/components/notify";
import { TableSkeleton } from "@/components/table-skeleton";

import { MetricsLine } from "./metrics-line";
import classes from "./models.module.css";
import { VerdictBadges } from "./verdict-badges";

interface VersionsTableProps {
  name: string;
  onCompare: (versions: string[]) => void;
}

const DRAGGED = "text/x-fluvial-alias";
const MOST_COMPARED = 4;

/** The versions of a model. Aliases move to another row by drag, or by the menu of each. */
export function VersionsTable({ name, onCompare }: VersionsTableProps) {
  const query = useInfiniteQuery(listVersions(name));
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [over, setOver] = useState("");
  const [naming, setNaming] = useState<string | null>(null);

  if (query.isPending) return <TableSkeleton rows={6} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const versions = query.data.pages.flatMap((page) => page.versions);
  if (versions.length === 0) {
    return <EmptyState title="No versions yet" hint="Register a logged model under this name." />;
  }

  const refresh = () => queries.invalidateQueries({ queryKey: ["registry"] });
  const move = async (alias: string, to: string | null) => {
    const from = versions.find(({ aliases }) => aliases.includes(alias))?.version ?? null;
    if (from === to) return;
    const put = (version: string | null, reason: string) =>
      version === null ? deleteAlias(name, alias) : setAlias(name, alias, version, reason);
    await put(to, "");
    await refresh();
    notifyUndo(to === null ? `${alias} is gone` : `${alias} is version ${to} now`, async () => {
      await put(from, "Undone");
      await refresh();
    });
  };
  const tryMove = (alias: string, to: string | null) => void move(alias, to).catch(notifyError);
  const drop = (event: DragEvent, version: string) => {
    event.preventDefault();
    setOver("");
    const alias = event.dataTransfer.getData(DRAGGED);
    if (alias !== "") tryMove(alias, version);
  };

  return (
    <div className={classes.wrap} role="group" aria-label="Versions" tabIndex={0}>
      <table className={classes.table} aria-label="Versions">
        <thead>
          <tr>
            <th scope="col" aria-label="Chosen" />
            <th scope="col">Version</th>
            <th scope="col">Aliases</th>
            <th scope="col">Metrics</th>
            <th scope="col" className={classes.wide}>
              Stage
            </th>
            <th scope="col" className={classes.wide}>
              By
            </th>
            <th scope="col">Registered</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <tr
              key={version.version}
              data-over={over === version.version || undefined}
              onDragOver={(event) => {
                if (!event.dataTransfer.types.includes(DRAGGED)) return;
                event.preventDefault();
                setOver(version.version);
              }}
              onDragLeave={() => setOver("")}
              onDrop={(event) => drop(event, version.version)}
            >
              <td>
                <input
                  type="checkbox"
                  aria-label={`Choose version ${version.version}`}
                  checked={chosen.includes(version.version)}
                  onChange={({ currentTarget: { checked } }) =>
                    setChosen(
                      checked
                        ? [...chosen, version.version]
                        : chosen.filter((one) => one !== version.version),
                    )
                  }
                />
              </td>
              <td>
                <Link
                  to="/models/$name/versions/$version"
                  params={{ name, version: version.version }}
                  className={classes.name}
                >
                  Version {version.version}
                </Link>{" "}
                <VerdictBadges name={name} version={version.version} />
              </td>
              <td>
                <div className={classes.chips}>
                  {version.aliases.map((alias) => (
                    <AliasChip
                      key={alias}
                      alias={alias}
                      version={version}
                      versions={versions}
                      onMove={(to) => tryMove(alias, to)}
                    />
                  ))}
                  <button
                    type="button"
                    className={classes.chip}
                    aria-label={`Give version ${version.version} an alias`}
                    onClick={() => setNaming(version.version)}
                  >
                    <IconPlus size={12} aria-hidden />
                  </button>
                </div>
              </td>
              <td>
                <MetricsLine version={version} />
              </td>
              <td className={`${classes.soft} ${classes.wide}`}>{placeOf(version)}</td>
              <td className={`${classes.soft} ${classes.wide}`}>{version.owner}</td>
              <td className={classes.soft}>
                <Age time={version.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.none}>
        <Button
          variant="default"
          leftSection={<IconArrowsLeftRight size={15} />}
          disabled={chosen.length < 2 || chosen.length > MOST_COMPARED}
          onClick={() => onCompare([...chosen])}
        >
          Compare the chosen versions
        </Button>{" "}
        {query.hasNextPage && (
          <Button variant="default" onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        )}
      </p>
      {naming !== null && (
        <NameDialog
          title={`Alias for version ${naming}`}
          label="Alias"
          action="Set"
          onName={async (alias) => {
            await setAlias(name, alias, naming);
            await refresh();
          }}
          onClose={() => setNaming(null)}
        />
      )}
    </div>
  );
}

interface AliasChipProps {
  alias: string;
  version: ModelVersion;
  versions: readonly ModelVersion[];
  /** Null takes it away. */
  onMove: (version: string | null) => void;
}

function AliasChip({ alias, version, versions, onMove }: AliasChipProps) {
  return (
    <Menu position="bottom-start" width={200}>
      <Menu.Target>
        <button
          type="button"
          className={classes.chip}
          data-main={alias === "champion" || undefined}
          draggable
          title="Drag to another version, or press for the list of them"
          onDragStart={(event) => {
            event.dataTransfer.setData(DRAGGED, alias);
            event.dataTransfer.effectAllowed = "move";
          }}
        >
          {alias}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {versions
          .filter((one) => one.version !== version.version)
          .map((one) => (
            <Menu.Item key={one.version} onClick={() => onMove(one.version)}>
              Move to version {one.version}
            </Menu.Item>
          ))}
        <Menu.Item color="red" onClick={() => onMove(null)}>
          Take it away
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function placeOf({ stage, state }: ModelVersion): string {
  return [stage === "None" ? "" : stage, state].filter((one) => one !== "").join(", ");
}
