import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";

import { createQueryClient } from "@/api/query-client";

import { LiveProvider } from "./live";
import { createAppRouter } from "./router";
import { theme } from "./theme";

export function App() {
  const [queries] = useState(createQueryClient);
  const [router] = useState(createAppRouter);

  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <LiveProvider>
          <Notifications position="bottom-right" limit={4} />
          <RouterProvider router={router} />
        </LiveProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
