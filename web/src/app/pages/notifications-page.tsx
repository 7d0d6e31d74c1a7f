import { NotificationsList } from "@/features/notifications/components/notifications-list";

import { usePageTitle } from "../page-title";
import classes from "./page.module.css";

export function NotificationsPage() {
  usePageTitle("Notifications");

  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <h1 className={classes.title}>Notifications</h1>
      </div>
      <div className={classes.tabPanel}>
        <NotificationsList />
      </div>
    </div>
  );
}
