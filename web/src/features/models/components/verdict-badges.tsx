import { useQuery } from "@tanstack/react-query";

import { listFindings } from "@/api/promotions";

import classes from "./models.module.css";

const SIGNS = { pass: "✓", fail: "✗", unknown: "?" };

/** What gates and checks say of a version, each as a word. */
export function VerdictBadges({ name, version }: { name: string; version: string }) {
  const findings = useQuery(listFindings(name, version)).data ?? [];

  if (findings.length === 0) return null;
  return (
    <div className={classes.badges}>
      {findings.map(({ id, what, verdict, summary }) => (
        <span key={id} className={classes.badge} data-verdict={verdict} title={summary || verdict}>
          <span aria-label={verdict} role="img">
            {SIGNS[verdict]}
          </span>{" "}
          {what}
        </span>
      ))}
    </div>
  );
}
