import { WebhooksList } from "@/features/webhooks/components/webhooks-list";

import { usePageTitle } from "../page-title";
import classes from "./page.module.css";

export function WebhooksPage() {
  usePageTitle("Webhooks");

  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <h1 className={classes.title}>Webhooks</h1>
      </div>
      <div className={classes.tabPanel}>
        <WebhooksList />
      </div>
    </div>
  );
}
