import { ActionIcon } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconBell } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { listNotifications } from "@/api/promotions";
import { Tooltip } from "@/components/tooltip";
import { useUserName } from "@/components/user-name";
import { countUnread } from "@/lib/notifications";

import { useSeen } from "../use-seen";
import classes from "./notifications.module.css";

/** The way to what waits for somebody, with how much that is. */
export function NotificationsLink() {
  const found = useQuery(listNotifications(useUserName())).data;
  const [seenAt] = useSeen();
  const count = found === undefined ? 0 : countUnread(found, seenAt);
  const label = count === 0 ? "Notifications" : `Notifications, ${count} unread`;

  return (
    <Tooltip label={label}>
      <ActionIcon
        component={Link}
        to="/notifications"
        aria-label={label}
        className={classes.bell ?? ""}
      >
        <IconBell size={18} stroke={1.6} />
        {count > 0 && (
          <span className={classes.count} aria-hidden>
            {count}
          </span>
        )}
      </ActionIcon>
    </Tooltip>
  );
}
