import "./app/mantine.css";
import "./app/tokens.css";
import "./app/palettes.css";
import "./app/base.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { watchStyles } from "./api/load-code";
import { createQueryClient } from "./api/query-client";
import { App } from "./app/app";
import { begunRunsPage } from "./app/head-start";
import { startPreferences } from "./app/preferences";
import { takeHeadStart } from "./app/take-head-start";
import { createAppRouter } from "./app/router";
import { startTips } from "./components/tips";
import { startUserName } from "./components/user-name";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element with the id root.");
watchStyles();
startPreferences();
startUserName();
startTips();
const queries = createQueryClient();
const router = createAppRouter();
const begun = begunRunsPage();
if (begun !== null) takeHeadStart(queries, begun);

// Another address that comes before the page is there is nobody else's to hear.
const stopListening = router.history.subscribe(() => void router.load());
// Not awaited here: the pages import modules of this file, and would wait for its end.
void begin(root);

async function begin(element: HTMLElement) {
  // The page is drawn at once, not after an empty frame of it.
  await router.load();
  createRoot(element).render(
    <StrictMode>
      <App queries={queries} router={router} onShown={stopListening} />
    </StrictMode>,
  );
}
