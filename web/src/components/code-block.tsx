import { CopyButton } from "./copy-button";
import classes from "./code-block.module.css";

export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div className={classes.block}>
      <pre className={classes.code} role="group" aria-label={label} tabIndex={0}>
        <code>{code}</code>
      </pre>
      <div className={classes.copy}>
        <CopyButton text={code} label="Copy" />
      </div>
    </div>
  );
}
