import { EmptyState } from "@/components/empty-state";
import { TableSkeleton } from "@/components/table-skeleton";
import { formatNumber } from "@/lib/format";
import { versionRows } from "@/lib/version-facts";

import { useComparedVersions } from "../use-compared-versions";
import classes from "./models.module.css";

interface VersionsCompareProps {
  name: string;
  versions: readonly string[];
}

/** Versions side by side: metrics, params, signature, environment and size, with what differs marked. */
export function VersionsCompare({ name, versions }: VersionsCompareProps) {
  const facts = useComparedVersions(name, versions);

  if (versions.length < 2) {
    return (
      <EmptyState title="Choose versions" hint="Check two or more in the list of versions first." />
    );
  }
  if (facts === null) return <TableSkeleton rows={10} />;
  const rows = versionRows(facts);
  return (
    <div className={classes.wrap} role="group" aria-label="Comparison of versions" tabIndex={0}>
      <table className={classes.table} aria-label="Comparison of versions">
        <thead>
          <tr>
            <th scope="col">What</th>
            {versions.map((version) => (
              <th key={version} scope="col">
                Version {version}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ part, key, values, differs }) => (
            <tr key={`${part} ${key}`} data-differs={differs || undefined}>
              <td>
                <span className={classes.soft}>{part}</span> {key}
              </td>
              {values.map((value, at) => (
                <td key={versions[at]}>
                  {typeof value === "number" ? formatNumber(value) : value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
