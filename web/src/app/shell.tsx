import { ActionIcon, Kbd, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconKeyboard, IconSearch, IconSettings } from "@tabler/icons-react";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { Tooltip } from "@/components/tooltip";
import { usePageKeys } from "@/components/keys";
import { loaded } from "@/components/loaded";
import { usePreferences } from "@/components/preferences";

import { useLiveUpdates } from "./live";
import { LiveIndicator } from "./live-indicator";
import { Logo } from "./logo";
import { watchVisits } from "./recents";
import classes from "./shell.module.css";
import { StaleBar } from "./stale-bar";
import { ThemeToggle } from "./theme-toggle";

/** Its place is kept until its code is there, which is not among what the first page loads. */
const NotificationsLink = loaded(
  async () =>
    (await import("@/features/notifications/components/notifications-link")).NotificationsLink,
  () => <span className={classes.bellPlace} />,
);

const ShellDialogs = loaded(async () => (await import("./shell-dialogs")).ShellDialogs);

export type ShellDialog = "search" | "keys" | "experiment";

export function Shell() {
  const [dialog, setDialog] = useState<ShellDialog | null>(null);
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  const reconnect = useLiveUpdates(...watchedBy(pathname));
  useEffect(watchVisits, []);
  usePageKeys([
    {
      keys: ["Ctrl", "K"],
      meaning: "Search everywhere",
      hotkey: "mod+K",
      run: () => setDialog((open) => (open === "search" ? null : "search")),
      inFields: true,
    },
    { keys: ["?"], meaning: "Show these keys", hotkey: "shift+?", run: () => setDialog("keys") },
  ]);

  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content" onClick={focusContent}>
        Skip to the content
      </a>
      <header className={classes.header}>
        <Link to="/" className={classes.brand} aria-label="fluvial, home">
          <Logo />
          <span className={classes.brandName}>fluvial</span>
        </Link>
        <nav aria-label="Main" className={classes.nav}>
          <Link
            to="/"
            className={`${classes.navLink} ${classes.homeLink}`}
            activeOptions={{ exact: true }}
            activeProps={{ "data-active": true }}
          >
            Home
          </Link>
          <Link to="/experiments" className={classes.navLink} activeProps={{ "data-active": true }}>
            Experiments
          </Link>
          <Link to="/models" className={classes.navLink} activeProps={{ "data-active": true }}>
            Models
          </Link>
          <Link to="/reports" className={classes.navLink} activeProps={{ "data-active": true }}>
            Reports
          </Link>
        </nav>
        <div className={classes.tools}>
          <LiveIndicator />
          <UnstyledButton className={classes.search} onClick={() => setDialog("search")}>
            <IconSearch size={15} stroke={1.6} aria-hidden />
            <span className={classes.searchText}>Search</span>
            <VisuallyHidden> everywhere</VisuallyHidden>
            <Kbd size="xs" className={classes.searchKeys} aria-hidden>
              Ctrl K
            </Kbd>
          </UnstyledButton>
          <NotificationsLink />
          <Tooltip label="Keys (?)">
            <ActionIcon
              aria-label="Show the keys"
              onClick={() => setDialog("keys")}
              visibleFrom="sm"
            >
              <IconKeyboard size={18} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <ThemeToggle />
          <Tooltip label="Settings">
            <ActionIcon
              component={Link}
              to="/settings"
              aria-label="Settings"
              // A phone's header has no room; the search leads there.
              visibleFrom="xs"
            >
              <IconSettings size={18} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </div>
      </header>
      <StaleBar onReconnect={reconnect} />
      <main id="content" tabIndex={-1} className={classes.main}>
        <Page />
      </main>
      {dialog !== null && <ShellDialogs dialog={dialog} onDialog={setDialog} />}
    </div>
  );
}

/** The one experiment and the one run that a page is about, as its address names them. */
function watchedBy(pathname: string): [experimentId?: string, runId?: string] {
  const [, experimentId, runId] = /^\/experiments\/(\d+)(?:\/runs\/([^/]+))?$/.exec(pathname) ?? [];
  return [experimentId, runId];
}

/** The page; drawn anew when another tab changes the settings, which its texts and charts hang on. */
function Page() {
  const isSettings = useRouterState({
    select: ({ location }) => location.pathname === "/settings",
  });
  const look = JSON.stringify(usePreferences());

  return <Outlet key={isSettings ? "settings" : look} />;
}

/** The address's hash is the route, so the link may not change it. */
function focusContent(event: { preventDefault: () => void }) {
  event.preventDefault();
  document.getElementById("content")?.focus();
}
