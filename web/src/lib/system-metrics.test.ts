import { expect, it } from "vitest";

import { groupSystemMetrics } from "./system-metrics";

it("groups by machine and by what is measured", () => {
  const groups = groupSystemMetrics([
    "loss",
    "system/node-10/gpu_0_memory_usage_megabytes",
    "system/node-2/process_threads",
    "system/node-2/cpu_utilization_percentage",
    "system/disk_usage_percentage",
    "system/brightness",
  ]);

  expect(groups).toEqual([
    {
      host: "",
      resources: [
        { resource: "Disk", keys: ["system/disk_usage_percentage"] },
        { resource: "Other", keys: ["system/brightness"] },
      ],
    },
    {
      host: "node-2",
      resources: [
        {
          resource: "Processor",
          keys: ["system/node-2/cpu_utilization_percentage", "system/node-2/process_threads"],
        },
      ],
    },
    {
      host: "node-10",
      resources: [{ resource: "GPU", keys: ["system/node-10/gpu_0_memory_usage_megabytes"] }],
    },
  ]);
});
