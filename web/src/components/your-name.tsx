import { Button, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";

import { keepUserName, useUserName } from "./user-name";
import classes from "./your-name.module.css";

/** Asks who somebody is, where this browser does not know it yet: what they decide has their name. */
export function YourName() {
  const known = useUserName();
  const [name, setName] = useState("");

  if (known !== "") return null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    event.stopPropagation();
    keepUserName(name);
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        size="xs"
        label="Your name"
        description="Requests and reviews have names. This browser keeps it."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={name.trim() === ""}>
        That is me
      </Button>
    </form>
  );
}
