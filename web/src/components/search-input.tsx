import { CloseButton, Kbd, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useRef, useState } from "react";

import { usePageKeys } from "./keys";

interface SearchInputProps {
  label: string;
  placeholder: string;
  value: string;
  onChange: (text: string) => void;
  /** True on the one input of the page that `/` leads to. */
  hasHotkey?: boolean;
  width?: number | string;
}

const TYPING_MS = 200;

/** A search field that reports once the typing pauses. */
export function SearchInput({
  label,
  placeholder,
  value,
  onChange,
  hasHotkey = false,
  width,
}: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(value);
  const [known, setKnown] = useState(value);
  const report = useDebouncedCallback(onChange, TYPING_MS);
  const focus = () => input.current?.focus();
  usePageKeys(hasHotkey ? [{ keys: ["/"], meaning: label, hotkey: "/", run: focus }] : []);

  // A link or the back button changed the value from outside.
  if (value !== known) {
    setKnown(value);
    setDraft(value);
  }

  const edit = (text: string) => {
    setDraft(text);
    setKnown(text);
    report(text);
  };

  return (
    <TextInput
      ref={input}
      size="xs"
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={draft}
      w={width ?? "auto"}
      leftSection={<IconSearch size={15} stroke={1.6} />}
      rightSection={
        draft !== "" ? (
          <CloseButton size="sm" aria-label="Clear" onClick={() => edit("")} />
        ) : hasHotkey ? (
          <Kbd size="xs">/</Kbd>
        ) : null
      }
      onChange={(event) => edit(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") input.current?.blur();
      }}
    />
  );
}
