import {
  Button,
  NumberInput,
  Radio,
  SegmentedControl,
  Select,
  Stack,
  TextInput,
  useMantineColorScheme,
} from "@mantine/core";
import { useMemo, type ReactNode } from "react";

import { notifyUndo } from "@/components/notify";
import { keepUserName, useUserName } from "@/components/user-name";
import {
  DEFAULT_PREFERENCES,
  FEWEST_DIGITS,
  MOST_DIGITS,
  PALETTES,
  timeZones,
  type Palette,
  type Preferences,
} from "@/lib/preferences";
import { N_RUN_COLORS } from "@/lib/run-colors";

import classes from "./settings.module.css";

interface SettingsFormProps {
  preferences: Preferences;
  onChange: (next: Preferences) => void;
}

const PALETTE_NAMES: Record<Palette, string> = {
  river: "River: told apart with any colour vision",
  distinct: "Distinct: as far apart as colour blindness allows",
  contrast: "Contrast: strong against the page",
};
/** What Select shows for the zone of this machine: an empty value would be no choice. */
const LOCAL = "local";

export function SettingsForm({ preferences, onChange }: SettingsFormProps) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const userName = useUserName();
  const zones = useMemo(
    () => [
      {
        value: LOCAL,
        label: `As this machine (${new Intl.DateTimeFormat().resolvedOptions().timeZone})`,
      },
      ...timeZones().map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") })),
    ],
    [],
  );
  const patch = (change: Partial<Preferences>) => onChange({ ...preferences, ...change });
  const reset = () => {
    const before = { preferences, colorScheme };
    onChange(DEFAULT_PREFERENCES);
    setColorScheme("auto");
    notifyUndo("The settings are as at first", async () => {
      onChange(before.preferences);
      setColorScheme(before.colorScheme);
    });
  };

  return (
    <div>
      <Group title="You">
        <Field label="Your name" hint="What you decide about models has it. This browser keeps it.">
          <TextInput
            size="xs"
            maw={320}
            aria-label="Your name"
            maxLength={100}
            defaultValue={userName}
            onBlur={(event) => keepUserName(event.currentTarget.value)}
          />
        </Field>
      </Group>
      <Group title="Appearance">
        <Field label="Theme">
          <SegmentedControl
            size="xs"
            aria-label="Theme"
            value={colorScheme}
            data={[
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
              { value: "auto", label: "As the system" },
            ]}
            onChange={(value) => setColorScheme(value)}
          />
        </Field>
        <Field label="Density" hint="How high the rows of tables are.">
          <SegmentedControl
            size="xs"
            aria-label="Density"
            value={preferences.density}
            data={[
              { value: "comfortable", label: "Comfortable" },
              { value: "compact", label: "Compact" },
            ]}
            onChange={(value) => patch({ density: value })}
          />
        </Field>
        <Field label="Colours of runs">
          <Radio.Group
            aria-label="Colours of runs"
            value={preferences.palette}
            onChange={(value) => patch({ palette: value })}
          >
            <Stack gap={10}>
              {PALETTES.map((palette) => (
                <div key={palette}>
                  <Radio size="xs" value={palette} label={PALETTE_NAMES[palette]} />
                  <Swatches palette={palette} />
                </div>
              ))}
            </Stack>
          </Radio.Group>
        </Field>
      </Group>
      <Group title="Numbers">
        <Field label="Significant digits" hint="Every digit is in the hover text of a number.">
          <NumberInput
            size="xs"
            w={90}
            aria-label="Significant digits"
            min={FEWEST_DIGITS}
            max={MOST_DIGITS}
            clampBehavior="strict"
            allowDecimal={false}
            value={preferences.digits}
            onChange={(value) => {
              const digits = Number(value);
              if (digits >= FEWEST_DIGITS && digits <= MOST_DIGITS) patch({ digits });
            }}
          />
        </Field>
        <Field label="Scientific notation">
          <SegmentedControl
            size="xs"
            aria-label="Scientific notation"
            value={preferences.notation}
            data={[
              { value: "auto", label: "Where it is shorter" },
              { value: "scientific", label: "Always" },
              { value: "plain", label: "Never" },
            ]}
            onChange={(value) => patch({ notation: value })}
          />
        </Field>
      </Group>
      <Group title="Time">
        <Field label="Time zone">
          <Select
            size="xs"
            maw={320}
            searchable
            aria-label="Time zone"
            allowDeselect={false}
            limit={100}
            data={zones}
            value={preferences.timeZone === "" ? LOCAL : preferences.timeZone}
            onChange={(zone) => patch({ timeZone: zone === null || zone === LOCAL ? "" : zone })}
          />
        </Field>
      </Group>
      <Button variant="default" onClick={reset}>
        Reset all settings
      </Button>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.group}>
      <h2 className={classes.heading}>{title}</h2>
      {children}
    </section>
  );
}

function Field({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div className={classes.field}>
      <span className={classes.label}>{label}</span>
      <div>{children}</div>
      {hint !== undefined && <p className={classes.hint}>{hint}</p>}
    </div>
  );
}

function Swatches({ palette }: { palette: Palette }) {
  return (
    <span className={classes.swatches} data-palette={palette} aria-hidden>
      {Array.from({ length: N_RUN_COLORS }, (_, index) => (
        <span
          key={index}
          className={classes.swatch}
          style={{ background: `var(--run-${index})` }}
        />
      ))}
    </span>
  );
}
