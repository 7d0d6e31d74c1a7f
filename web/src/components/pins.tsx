import { ActionIcon } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconPin, IconPinFilled } from "@tabler/icons-react";

import { Tooltip } from "./tooltip";
import { isPinned, parsePins, withPin, type Pin } from "@/lib/pins";

/** What is pinned in this browser, the same on every page. */
export function usePins(): [Pin[], (pin: Pin) => void] {
  const [pins, setPins] = useLocalStorage<Pin[]>({
    key: "fluvial.pins",
    defaultValue: [],
    getInitialValueInEffect: false,
    deserialize: (text) => {
      try {
        return parsePins(JSON.parse(text ?? "[]"));
      } catch {
        return []; // not written by this app
      }
    },
  });
  return [pins, (pin) => setPins(withPin(pins, pin))];
}

/** Keeps something at hand on the home page. */
export function PinButton({ pin }: { pin: Pin }) {
  const [pins, toggle] = usePins();
  const isOn = isPinned(pins, pin.id);
  const label = isOn ? `Unpin ${pin.name}` : `Pin ${pin.name} to the home page`;

  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} aria-pressed={isOn} onClick={() => toggle(pin)}>
        {isOn ? <IconPinFilled size={15} /> : <IconPin size={15} stroke={1.6} />}
      </ActionIcon>
    </Tooltip>
  );
}
