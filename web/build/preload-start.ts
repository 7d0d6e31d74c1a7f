import type { Plugin } from "vite";

/** What `main.ts` loads next: the browser begins with it while it reads the page. */
const START = /\/src\/start\.tsx$/;

/** Links the scripts and styles of the app from its page, beside the small script that asks for them. */
export function preloadStart(): Plugin {
  return {
    name: "preload-start",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
        const start = chunks.find(({ moduleIds }) => moduleIds.some((id) => START.test(id)));
        if (start === undefined) throw new Error("No chunk of the build has src/start.tsx.");
        const styles = [...(start.viteMetadata?.importedCss ?? [])];
        return [
          ...styles.map((href) => ({
            tag: "link",
            attrs: { rel: "stylesheet", crossorigin: true, href: `./${href}` },
            injectTo: "head" as const,
          })),
          {
            tag: "link",
            attrs: { rel: "modulepreload", crossorigin: true, href: `./${start.fileName}` },
            injectTo: "head" as const,
          },
        ];
      },
    },
  };
}
