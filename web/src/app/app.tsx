import { MantineProvider } from "@mantine/core";
import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";

import { Notices } from "@/components/notices";

import { LiveProvider } from "./live";
import type { AppRouter } from "./router";
import { theme } from "./theme";

interface AppProps {
  queries: QueryClient;
  router: AppRouter;
  /** Called once the router listens to the address by itself. */
  onShown: () => void;
}

export function App({ queries, router, onShown }: AppProps) {
  useEffect(onShown, [onShown]);

  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <LiveProvider>
          <RouterProvider router={router} />
          <Notices />
        </LiveProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
