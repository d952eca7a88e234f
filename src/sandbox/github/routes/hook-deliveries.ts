/** The App's log of webhook deliveries, and sending one again. */

import type { Answer } from "../answer.ts";
import { notFound } from "../api-error.ts";
import type { Delivery } from "../delivery.ts";
import { redeliver } from "../emit.ts";
import { pageOf } from "../page.ts";
import { time } from "../present/links.ts";
import type { Context, Route } from "../router.ts";

const one = "/app/hook/deliveries/{delivery_id}";

export const hookDeliveryRoutes: readonly Route[] = [
  { method: "GET", path: "/app/hook/config", as: "app", handle: config },
  { method: "GET", path: "/app/hook/deliveries", as: "app", handle: list },
  { method: "GET", path: one, as: "app", handle: get },
  { method: "POST", path: `${one}/attempts`, as: "app", handle: attempt },
];

function config({ hub }: Context): Answer {
  const url = hub.webhook.url ?? "";
  return { status: 200, body: { content_type: "json", insecure_ssl: "0", secret: "********", url } };
}

/** Newest first, by cursor: the id of the last delivery that was seen. */
function list({ hub, query, url }: Context): Answer {
  const { perPage } = pageOf(query);
  const cursor = Number(query.get("cursor") ?? Infinity);
  const wanted = query.get("status");
  const found = hub.store.deliveries
    .filter(({ id }) => id < cursor)
    .filter((delivery) => wanted === null || (wanted === "success") === succeeded(delivery))
    .reverse();
  const page = found.slice(0, perPage);
  const next = new URL(url);
  next.searchParams.set("cursor", String(page.at(-1)?.id ?? 0));
  return {
    status: 200,
    body: page.map(presentDelivery),
    headers: found.length > perPage ? { link: `<${next.href}>; rel="next"` } : {},
  };
}

function succeeded({ statusCode }: Delivery): boolean {
  return statusCode >= 200 && statusCode < 400;
}

function get(context: Context): Answer {
  const delivery = deliveryOf(context);
  const body = {
    ...presentDelivery(delivery),
    url: delivery.url,
    request: {
      headers: delivery.requestHeaders,
      payload: JSON.parse(delivery.payload) as unknown,
    },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  };
  return { status: 200, body };
}

/** The same event once more, under the same `X-GitHub-Delivery`. */
function attempt(context: Context): Answer {
  redeliver(context.hub, deliveryOf(context));
  return { status: 202, body: {} };
}

function deliveryOf({ hub, params }: Context): Delivery {
  const delivery = hub.store.deliveries.find(({ id }) => id === Number(params["delivery_id"]));
  if (delivery === undefined) throw notFound();
  return delivery;
}

function presentDelivery(delivery: Delivery): Record<string, unknown> {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: time(delivery.deliveredAt),
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repository?.id ?? null,
    throttled_at: null,
  };
}
