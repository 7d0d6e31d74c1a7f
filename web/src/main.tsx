import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./app/tokens.css";
import "./app/palettes.css";
import "./app/base.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app/app";
import { startPreferences } from "./app/preferences";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element with the id root.");
startPreferences();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
