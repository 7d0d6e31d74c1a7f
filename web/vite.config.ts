import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { preloadStart } from "./build/preload-start.ts";
import { writeGzip } from "./build/write-gzip.ts";

const SERVER = process.env.FLUVIAL_SERVER ?? "http://127.0.0.1:5000";
const source = fileURLToPath(new URL("./src", import.meta.url));

/** What pages with figures load, as scripts that are no modules: a page of another origin may not load those. */
function figureScripts(): Record<string, string> {
  const files = {
    "plotly.js": "plotly.js-dist-min/plotly.min.js",
    "vega.js": "vega/build/vega.min.js",
    "vega-lite.js": "vega-lite/build/vega-lite.min.js",
    "vega-embed.js": "vega-embed/build/vega-embed.min.js",
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [
      `figure-scripts/${name}?url`,
      `${fileURLToPath(new URL(`./node_modules/${file}`, import.meta.url))}?url`,
    ]),
  );
}

export default defineConfig({
  // The server may stand under a prefix of its own, so no address in the build is absolute.
  base: "./",
  plugins: [react(), preloadStart(), writeGzip()],
  resolve: { alias: { "@": source, ...figureScripts() } },
  build: {
    outDir: "../src/fluvial/server/webapp",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // A page is few files: each is a round trip. Groups take in all that their modules import.
        codeSplitting: {
          groups: [
            { name: "head-start", test: /src\/main\.ts$/, priority: 3 },
            { name: "start", test: /src\/start\.tsx$/, priority: 2 },
            {
              name: "charts",
              test: /src\/(app\/pages\/runs-charts|charts\/line\/line-chart)\.tsx$/,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/ajax-api", "/get-artifact", "/version"].map((path) => [path, SERVER]),
    ),
  },
  test: {
    // Plain functions need no page, which takes seconds to make for every file.
    projects: [
      {
        extends: true,
        test: {
          name: "functions",
          environment: "node",
          include: ["src/**/*.test.ts"],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "components",
          environment: "happy-dom",
          include: ["src/**/*.test.tsx"],
          testTimeout: 20_000,
          setupFiles: ["./src/test-setup.ts"],
          restoreMocks: true,
        },
      },
    ],
  },
});
