import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createMetrics } from "../../src/runtime/metrics.ts";

test("metrics tell of the queue, jobs, webhooks and requests, and nothing else is served beside them", async () => {
  const metrics = createMetrics({
    queue: () => ({ ready: 3, delayed: 1, running: 2 }),
    reloads: () => ({ counts: { rolled: 2, flapping: 1 }, steppedBack: true }),
    drift: () => [{ app: "web-production", objects: 2, seconds: 90 }],
    githubRequests: () => ({ total: 40, notModified: 25 }),
  });
  metrics.job({ flow: "scan", outcome: "done", seconds: 0.3 });
  metrics.webhook(202);
  metrics.server.listen(0, "127.0.0.1");
  await once(metrics.server, "listening");
  const url = `http://127.0.0.1:${(metrics.server.address() as AddressInfo).port}`;
  const text = await (await fetch(`${url}/metrics`)).text();
  expect(text).toContain('lockkeeper_queue_keys{state="ready"} 3');
  expect(text).toContain('lockkeeper_job_seconds_count{flow="scan",outcome="done"} 1');
  expect(text).toContain('lockkeeper_drifted_objects{app="web-production"} 2');
  expect(text).toContain('lockkeeper_drift_age_seconds{app="web-production"} 90');
  expect(text).toContain('lockkeeper_webhooks_total{status="202"} 1');
  expect(text).toContain('lockkeeper_github_requests{answer="not_modified"} 25');
  expect((await fetch(`${url}/`)).status).toBe(404);
  metrics.server.close().closeAllConnections();
});
