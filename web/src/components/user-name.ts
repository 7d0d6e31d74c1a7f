import { useSyncExternalStore } from "react";

import { setUserName, userName, watchUserName } from "@/lib/user-name";

const KEY = "fluvial-user";

/** Reads the name that this browser has kept, and follows what other tabs change. */
export function startUserName(): void {
  read();
  window.addEventListener("storage", ({ key }) => {
    if (key === KEY || key === null) read();
  });
}

export function keepUserName(name: string): void {
  setUserName(name);
  localStorage.setItem(KEY, userName());
}

/** "" where nobody has said it yet. */
export function useUserName(): string {
  return useSyncExternalStore(watchUserName, userName);
}

function read(): void {
  setUserName(localStorage.getItem(KEY) ?? "");
}
