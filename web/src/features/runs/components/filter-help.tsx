import classes from "./filter-bar.module.css";

const EXAMPLES: [filter: string, meaning: string][] = [
  ["forest -baseline", "words in names, notes, params and tags"],
  ["metrics.accuracy > 0.9", "the latest value of a metric"],
  ["params.`max depth` IN ('3', '5')", "a param, with backquotes where it is not one word"],
  ["status = 'FAILED' OR tags.team = 'vision'", "AND, OR, NOT and parentheses"],
  ["min(metrics.loss) < 0.1", "the best value a metric ever had"],
  ["start_time > now() - 7d", "runs of the last week"],
];

export function FilterHelp() {
  return (
    <dl className={classes.help} aria-label="What a filter may say">
      {EXAMPLES.map(([filter, meaning]) => (
        <div key={filter}>
          <dt>{filter}</dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
