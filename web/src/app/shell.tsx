import { ActionIcon, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconKeyboard, IconSettings } from "@tabler/icons-react";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useState } from "react";

import { usePreferences } from "@/components/preferences";

import { KeysHelp } from "./keys-help";
import { LiveIndicator } from "./live-indicator";
import { Logo } from "./logo";
import classes from "./shell.module.css";
import { ThemeToggle } from "./theme-toggle";

export function Shell() {
  const [showsKeys, setShowsKeys] = useState(false);
  useHotkeys([["shift+?", () => setShowsKeys(true)]]);

  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content" onClick={focusContent}>
        Skip to the content
      </a>
      <header className={classes.header}>
        <Link to="/experiments" className={classes.brand} aria-label="fluvial, all experiments">
          <Logo />
          <span>fluvial</span>
        </Link>
        <nav aria-label="Main" className={classes.nav}>
          <Link to="/experiments" className={classes.navLink} activeProps={{ "data-active": true }}>
            Experiments
          </Link>
        </nav>
        <div className={classes.tools}>
          <LiveIndicator />
          <Tooltip label="Keys (?)">
            <ActionIcon
              aria-label="Show the keys"
              onClick={() => setShowsKeys(true)}
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
      <main id="content" tabIndex={-1} className={classes.main}>
        <Page />
      </main>
      <KeysHelp isOpen={showsKeys} onClose={() => setShowsKeys(false)} />
    </div>
  );
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
