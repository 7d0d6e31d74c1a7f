import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, type RenderResult } from "@testing-library/react";
import type { ReactNode } from "react";

import { Notices } from "@/components/notices";

/** Renders a component as the app would: with theme, queries and an address. Nothing is tried twice. */
export function renderPage(content: ReactNode): RenderResult & { queries: QueryClient } {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = createRouter({
    routeTree: createRootRoute({ component: () => content }),
    history: createMemoryHistory(),
  });
  const rendered = render(
    <MantineProvider env="test">
      <QueryClientProvider client={queries}>
        <Notices />
        {/* The routes of the app are not needed to show one of its parts. */}
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...rendered, queries };
}
