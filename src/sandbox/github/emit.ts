/** Webhooks: what happened goes signed to the App, for the events that it subscribed to. */

import { createHmac, randomUUID } from "node:crypto";
import type { Delivery } from "./delivery.ts";
import type { Hub } from "./hub.ts";
import { nodeId } from "./present/links.ts";
import { presentPlace } from "./present/repository.ts";
import { presentOrganisation, presentUser } from "./present/user.ts";
import type { Installation, Repository } from "./repository-state.ts";
import type { Account } from "./state.ts";
import { installationOf } from "./store.ts";

/** GitHub gives a receiver this long. */
const deadlineMilliseconds = 10_000;
const maximumAnswer = 64 * 1024;

export interface Happening {
  /** `pull_request`; goes into `X-GitHub-Event`. */
  readonly event: string;
  readonly action?: string;
  /** Gives `repository`, `organization` and the installation. */
  readonly repository?: Repository;
  /** For events of an organisation, which have no repository. */
  readonly organisation?: Account;
  readonly sender: Account;
  /** The rest of the payload; may name any key of GitHub's schema. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** The installation that is told of an event there; undefined where nobody listens. */
function listener(
  hub: Hub,
  heard: Pick<Happening, "event" | "repository" | "organisation">,
): Installation | undefined {
  const { store } = hub;
  const installation = heard.repository
    ? installationOf(store, heard.repository)
    : store.installations.find((candidate) => candidate.account === heard.organisation);
  if (!installation || installation.suspended || hub.webhook.url === null) return undefined;
  return installation.app.events.includes(heard.event) ? installation : undefined;
}

/** Whether it is worth making a payload. */
export function isHeard(hub: Hub, heard: Pick<Happening, "event" | "repository" | "organisation">): boolean {
  return listener(hub, heard) !== undefined;
}

/** Tells the App if it is installed there and listens; returns at once. */
export function emit(hub: Hub, happening: Happening): void {
  const { store } = hub;
  const { repository, organisation } = happening;
  const installation = listener(hub, happening);
  if (!installation) return;
  const payload = {
    ...(happening.action !== undefined && { action: happening.action }),
    ...happening.payload,
    ...(repository && presentPlace(store, repository)),
    ...(organisation && !repository && { organization: presentOrganisation(store, organisation) }),
    sender: presentUser(store, happening.sender),
    installation: { id: installation.id, node_id: nodeId("MDIz", installation.id) },
  };
  deliver(hub, record(hub, happening, { installation, payload: JSON.stringify(payload) }));
}

function record(
  hub: Hub,
  happening: Happening,
  sent: { installation: Installation; payload: string },
): Delivery {
  const guid = randomUUID();
  const signature = createHmac("sha256", hub.webhook.secret).update(sent.payload).digest("hex");
  return {
    id: hub.store.nextId(),
    guid,
    event: happening.event,
    action: happening.action ?? null,
    installationId: sent.installation.id,
    repository: happening.repository ?? null,
    redelivery: false,
    deliveredAt: hub.store.now(),
    url: hub.webhook.url ?? "",
    requestHeaders: {
      accept: "*/*",
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/sandbox",
      "x-github-delivery": guid,
      "x-github-event": happening.event,
      "x-github-hook-id": String(sent.installation.app.id),
      "x-github-hook-installation-target-id": String(sent.installation.app.id),
      "x-github-hook-installation-target-type": "integration",
      "x-hub-signature-256": `sha256=${signature}`,
    },
    payload: sent.payload,
    duration: 0,
    status: "PENDING",
    statusCode: 0,
    responseHeaders: {},
    responseBody: "",
  };
}

/** Puts a delivery into the log and sends it in the background, through the faults if there are any. */
export function deliver(hub: Hub, delivery: Delivery): void {
  hub.store.deliveries.push(delivery);
  const attempt = (): Promise<void> => send(delivery, hub.webhook.url ?? delivery.url);
  const wrap = hub.faults.delivery;
  hub.background(wrap ? wrap(delivery, attempt) : attempt());
}

/** The same event once more under the same guid, as the redelivery endpoint does it. */
export function redeliver(hub: Hub, delivery: Delivery): Delivery {
  const again: Delivery = {
    ...delivery,
    id: hub.store.nextId(),
    redelivery: true,
    deliveredAt: hub.store.now(),
    duration: 0,
    status: "PENDING",
    statusCode: 0,
  };
  deliver(hub, again);
  return again;
}

async function send(delivery: Delivery, url: string): Promise<void> {
  const began = performance.now();
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: delivery.requestHeaders,
      body: delivery.payload,
      redirect: "manual",
      signal: AbortSignal.timeout(deadlineMilliseconds),
    });
    delivery.responseBody = (await response.text()).slice(0, maximumAnswer);
    delivery.responseHeaders = Object.fromEntries(response.headers);
    delivery.statusCode = response.status;
    delivery.status = response.ok ? "OK" : response.statusText || "Invalid HTTP Response";
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    delivery.status = late ? "timed out" : "failed to connect to host";
    delivery.statusCode = late ? 504 : 502;
  }
  delivery.duration = Math.round(performance.now() - began) / 1000;
}
