import { fetchBytes, serverUrl } from "./http";

/** The server answers, but has this part of the page no more: it is of another version. */
export class OldPage extends Error {
  override readonly name = "OldPage";
}

/** How browsers and the bundler's loader say that a file did not come. */
const DID_NOT_COME = /dynamically imported module|importing a module script|preload css/i;

/**
 * Loads a part of the app's code.
 *
 * @throws ApiError if the server cannot be reached, OldPage if it has no such part.
 */
export async function loadCode<Code>(load: () => Promise<Code>): Promise<Code> {
  await loadStylesAgain();
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof Error) || !DID_NOT_COME.test(error.message)) throw error;
    await fetchBytes(serverUrl("health"));
    throw new OldPage("The server has another version than this page.", { cause: error });
  }
}

const missingStyles = new Set<HTMLLinkElement>();

/** To be called once, before anything is loaded. */
export function watchStyles(): void {
  // The error of a link does not bubble.
  document.addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof HTMLLinkElement && target.rel === "stylesheet") {
        missingStyles.add(target);
      }
    },
    { capture: true },
  );
}

/** The loader asks for a style sheet once only: one that did not come would be missing for good. */
async function loadStylesAgain(): Promise<void> {
  const links = [...missingStyles];
  missingStyles.clear();
  await Promise.all(
    links.map(
      (link) =>
        new Promise<void>((resolve) => {
          const again = link.cloneNode() as HTMLLinkElement;
          again.addEventListener("load", () => resolve());
          again.addEventListener("error", () => resolve());
          link.replaceWith(again);
        }),
    ),
  );
}
