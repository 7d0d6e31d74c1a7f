import { Select } from "@mantine/core";
import { IconScale } from "@tabler/icons-react";
import { useMemo } from "react";

import type { Run } from "@/api/runs";
import { EmptyState } from "@/components/empty-state";
import { Panel } from "@/components/panel";
import { formatNumber, formatPlural } from "@/lib/format";
import { isSystemMetric } from "@/lib/metric-groups";
import {
  differenceOf,
  formatP,
  groupingFields,
  groupRuns,
  leastRankP,
  statementOf,
  type Difference,
  type GroupOfRuns,
} from "@/lib/run-difference";

import classes from "./compare.module.css";

export interface DifferenceChoice {
  /** `params.lr`: what makes the groups. */
  by: string | undefined;
  metric: string | undefined;
  /** The value of the group that the others are compared with. */
  base: string | undefined;
}

interface DifferenceTabProps {
  runs: readonly Run[];
  choice: DifferenceChoice;
  onChoice: (change: Partial<DifferenceChoice>) => void;
}

/** How groups of runs differ in a metric, and how sure one can be of it. */
export function DifferenceTab({ runs, choice, onChoice }: DifferenceTabProps) {
  const fields = useMemo(() => groupingFields(runs), [runs]);
  const metrics = useMemo(
    () =>
      [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))]
        .filter((key) => !isSystemMetric(key))
        .sort(),
    [runs],
  );
  const by = fields.find((field) => field === choice.by) ?? fields[0];
  const metric = metrics.find((key) => key === choice.metric) ?? metrics[0];

  if (by === undefined || metric === undefined) {
    return (
      <EmptyState
        icon={<IconScale size={28} stroke={1.4} />}
        title="Nothing to set against each other"
        hint="Compare runs that differ in a param or tag and share a metric; several seeds of each tell how sure a difference is."
      />
    );
  }
  const groups = groupRuns(runs, by, metric);
  const base = groups.find(({ value }) => value === choice.base) ?? groups[0];
  const others = groups.filter((group) => group !== base);
  const name = (group: GroupOfRuns) =>
    `${by.slice(by.indexOf(".") + 1)} ${group.value || "(none)"}`;
  return (
    <div className={classes.difference}>
      <div className={classes.choices}>
        <Select
          size="xs"
          label="Metric"
          searchable
          allowDeselect={false}
          value={metric}
          data={metrics}
          onChange={(next) => onChoice({ metric: next ?? undefined })}
        />
        <Select
          size="xs"
          label="Groups by"
          searchable
          allowDeselect={false}
          value={by}
          data={fields}
          onChange={(next) => onChoice({ by: next ?? undefined, base: undefined })}
        />
        <Select
          size="xs"
          label="Compared with"
          allowDeselect={false}
          value={base?.value ?? ""}
          data={groups.map((group) => ({ value: group.value, label: name(group) }))}
          onChange={(next) => onChoice({ base: next ?? undefined })}
        />
      </div>
      {others.length > 1 && (
        <p className={classes.hint}>
          {formatPlural(others.length, "comparison")} at once: of twenty without any real
          difference, one has p below 0.05 by chance. Multiply each p by {others.length} to be on
          the safe side (Bonferroni).
        </p>
      )}
      {base !== undefined &&
        others.map((group) => (
          <Comparison
            key={group.value}
            difference={differenceOf(base, group)}
            metric={metric}
            names={[name(base), name(group)]}
          />
        ))}
      <Assumptions />
    </div>
  );
}

interface ComparisonProps {
  difference: Difference;
  metric: string;
  names: [string, string];
}

function Comparison({ difference, metric, names }: ComparisonProps) {
  const { samples, first, second, welch, rank } = difference;
  const nLeftOut = first.nLeftOut + second.nLeftOut;
  const least = leastRankP(samples[0].n, samples[1].n);

  return (
    <Panel title={`${names[1]} against ${names[0]}`}>
      <p className={classes.statement}>{statementOf(difference, metric, names)}</p>
      <div
        className={classes.scroller}
        tabIndex={0}
        role="region"
        aria-label={`Figures of ${names[1]}`}
      >
        <table className={classes.figures}>
          <thead>
            <tr>
              <th scope="col">Group</th>
              <th scope="col">Runs</th>
              <th scope="col">Mean</th>
              <th scope="col">Standard deviation</th>
            </tr>
          </thead>
          <tbody>
            {samples.map((sample, at) => (
              <tr key={names[at]}>
                <th scope="row">{names[at]}</th>
                <td>{sample.n}</td>
                <td>{sample.n === 0 ? "–" : formatNumber(sample.mean)}</td>
                <td>{sample.n < 2 ? "–" : formatNumber(sample.deviation)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className={classes.tests}>
        {welch !== null && (
          <li>
            Welch’s t-test: t = {formatNumber(welch.t)}, ν = {formatNumber(welch.degrees)}, p ={" "}
            <b>{formatP(welch.p)}</b>
          </li>
        )}
        {rank !== null && (
          <li>
            Mann–Whitney test: U = {formatNumber(rank.u)}, p = <b>{formatP(rank.p)}</b> (
            {rank.isExact ? "exact" : "by the normal approximation"}); in{" "}
            {formatNumber(100 * rank.superiority)} % of all pairs the value of {names[1]} is the
            higher one
          </li>
        )}
        {rank !== null && least > 0.05 && (
          <li>
            With so few runs the Mann–Whitney test cannot give a p below {formatP(least)}, whatever
            the values are: add seeds.
          </li>
        )}
        {nLeftOut > 0 && (
          <li>{formatPlural(nLeftOut, "run")} left out: no finite value of the metric.</li>
        )}
      </ul>
    </Panel>
  );
}

function Assumptions() {
  return (
    <details className={classes.assumptions}>
      <summary>What the tests assume</summary>
      <p>
        Both take the runs to be independent repetitions, as with a seed of their own each; runs
        that share a seed, a fold or a warm start are not. The last value of the metric counts. p is
        how often a difference this large or larger would come about if there were none: it is not
        the probability that there is none.
      </p>
      <p>
        Welch’s t-test compares means, and lets the groups vary by different amounts. It takes the
        values of each group to be roughly normal; with ten runs or more that hardly matters, with
        fewer a single outlier does. The confidence interval rests on the same.
      </p>
      <p>
        The Mann–Whitney test compares ranks: whether a value of one group tends to be the higher
        one. It asks for no normal distribution and bears outliers, and says nothing of the size of
        the difference. It is exact where no values are equal and the smaller group has up to eight
        runs.
      </p>
    </details>
  );
}
