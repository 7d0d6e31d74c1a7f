import { useState } from "react";

import type { DatasetInput } from "@/api/runs";
import { KeyValueTable } from "@/components/key-value-table";
import { Panel } from "@/components/panel";
import { datasetColumns, datasetFacts } from "@/lib/dataset-facts";

import classes from "./run-overview.module.css";

export function RunDatasets({ datasets }: { datasets: readonly DatasetInput[] }) {
  return (
    <Panel title="Datasets" count={datasets.length}>
      {datasets.length === 0 && (
        <p className={classes.noNote}>This run names no dataset that it read.</p>
      )}
      {datasets.map((dataset) => (
        <Dataset
          key={`${dataset.name} ${dataset.digest} ${dataset.context ?? ""}`}
          dataset={dataset}
        />
      ))}
    </Panel>
  );
}

function Dataset({ dataset }: { dataset: DatasetInput }) {
  const [isOpen, setIsOpen] = useState(false);
  const columns = datasetColumns(dataset.schema);

  return (
    <article className={classes.dataset} aria-label={dataset.name}>
      <div className={classes.datasetHead}>
        <span className={classes.datasetName} title={dataset.name}>
          {dataset.name}
        </span>
        {dataset.context !== null && <span className={classes.context}>{dataset.context}</span>}
      </div>
      <div className={classes.datasetFacts}>
        {[`digest ${dataset.digest}`, dataset.sourceType, ...datasetFacts(dataset.profile)]
          .filter((fact) => fact !== "")
          .join(" · ")}
      </div>
      {columns.length > 0 && (
        <details
          className={classes.schema}
          onToggle={(event) => setIsOpen(event.currentTarget.open)}
        >
          <summary>{columns.length} columns</summary>
          {isOpen && (
            <KeyValueTable
              label={`Columns of ${dataset.name}`}
              rows={columns.map(({ name, type }) => ({ key: name, value: type }))}
              empty=""
            />
          )}
        </details>
      )}
    </article>
  );
}
