import { useLocalStorage } from "@mantine/hooks";

/** Until when this browser's user has seen their notifications, ms since the epoch. */
export function useSeen() {
  return useLocalStorage<number>({
    key: "fluvial.notifications-seen",
    defaultValue: 0,
    getInitialValueInEffect: false,
  });
}
