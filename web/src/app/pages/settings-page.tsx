import { usePreferences } from "@/components/preferences";
import { SettingsForm } from "@/features/settings/components/settings-form";
import { SettingsPreview } from "@/features/settings/components/settings-preview";
import settings from "@/features/settings/components/settings.module.css";

import { usePageTitle } from "../page-title";
import { keepPreferences } from "../preferences";
import classes from "./page.module.css";

export function SettingsPage() {
  usePageTitle("Settings");

  return (
    <>
      <div className={classes.bar}>
        <h1 className={classes.title}>Settings</h1>
        <span className={classes.count}>Kept in this browser</span>
      </div>
      <div className={settings.settings}>
        <SettingsForm preferences={usePreferences()} onChange={keepPreferences} />
        <SettingsPreview />
      </div>
    </>
  );
}
