import { Link } from "@tanstack/react-router";

import type { ExperimentOverview } from "@/api/experiments";
import { Age } from "@/components/age";
import { Panel } from "@/components/panel";
import { PinButton, usePins } from "@/components/pins";
import { formatCount, formatPlural } from "@/lib/format";

import classes from "./home.module.css";

const MOST = 8;

/** The experiments in which something happened last, as they come. */
export function HomeExperiments({ overviews }: { overviews: readonly ExperimentOverview[] }) {
  const recent = overviews.slice(0, MOST);

  return (
    <Panel
      title="Recent experiments"
      tools={
        <Link to="/experiments" className={classes.of}>
          All experiments
        </Link>
      }
    >
      <ul className={classes.list}>
        {recent.map((overview) => {
          const { experiment, nRuns, nRunning } = overview;
          const { id, name } = experiment;
          return (
            <li key={id} className={classes.row}>
              <span className={classes.names}>
                <Link
                  to="/experiments/$experimentId"
                  params={{ experimentId: id }}
                  className={classes.link}
                >
                  {name}
                </Link>
                <span className={classes.of}>
                  {formatPlural(nRuns, "run")}
                  {nRunning > 0 && `, ${formatCount(nRunning)} running`}
                </span>
              </span>
              <span className={classes.when}>
                <Age time={overview.lastActivityTime} />
              </span>
              <PinButton pin={{ kind: "experiment", id, experimentId: id, name }} />
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

/** What this person keeps at hand. */
export function HomePins() {
  const [pins] = usePins();

  return (
    <Panel title="Pinned">
      {pins.length === 0 && (
        <p className={classes.none}>
          Experiments and runs that you pin are kept here, in this browser.
        </p>
      )}
      <ul className={classes.list}>
        {pins.map((pin) => (
          <li key={pin.id} className={classes.row}>
            <span className={classes.names}>
              {pin.kind === "run" ? (
                <Link
                  to="/experiments/$experimentId/runs/$runId"
                  params={{ experimentId: pin.experimentId, runId: pin.id }}
                  className={classes.link}
                >
                  {pin.name}
                </Link>
              ) : (
                <Link
                  to="/experiments/$experimentId"
                  params={{ experimentId: pin.id }}
                  className={classes.link}
                >
                  {pin.name}
                </Link>
              )}
              <span className={classes.of}>{pin.kind}</span>
            </span>
            <PinButton pin={pin} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
