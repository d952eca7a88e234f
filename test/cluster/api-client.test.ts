import { writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type ConnectedCluster, connectCluster } from "../../src/cluster/connect-cluster.ts";
import { failure, value } from "../contracts/cluster-objects.ts";
import { type AnsweringServer, type Answering, json, startAnsweringServer } from "./answering-server.ts";

const address = { apiVersion: "v1", kind: "Secret", namespace: "web", name: "db" };
const secret = { apiVersion: "v1", kind: "Secret", metadata: { namespace: "web", name: "db" } };

let server: AnsweringServer;
let cluster: ConnectedCluster | undefined;

async function against(answer: Answering, options: { user?: object; deadlineMs?: number } = {}) {
  server = await startAnsweringServer(answer);
  const kubeconfigFile = await server.kubeconfig(options.user);
  cluster = value(await connectCluster({ kubeconfigFile, deadlineMs: options.deadlineMs }));
  return cluster;
}

afterEach(async () => {
  await cluster?.close();
  await server?.stop();
});

const item = (name: string) => ({ metadata: { name, namespace: "web" } });
const status = (more: object) => ({ kind: "Status", apiVersion: "v1", status: "Failure", ...more });
const causes = (...list: object[]) => ({ details: { causes: list } });

describe("a refusal means", () => {
  const webhook = 'admission webhook "policy.example" denied the request: your password hunter2 is weak';
  const blind = 'admission webhook "policy.example" does not support dry run';
  const quota = 'configmaps "a" is forbidden: exceeded quota: few, requested: count/configmaps=1, used: 1';
  const policy =
    "secrets \"db\" is forbidden: ValidatingAdmissionPolicy 'keys' with binding 'b' denied request: hunter2";
  const forbidden =
    'secrets "db" is forbidden: User "ada" cannot get resource "secrets" in API group "" in the namespace "web"';
  const immutable = {
    field: "spec.b",
    reason: "FieldValueInvalid",
    message: "Invalid value: 7: field is immutable",
  };
  const fields = causes({ field: "spec.a", reason: "FieldValueRequired" }, immutable);
  const terminating = causes({ reason: "NamespaceTerminating" });
  const untyped = "failed to create typed patch object: .spec.bogus: field not declared in schema";
  const strict = 'strict decoding error: unknown field "spec.bogus"';

  test.each([
    [401, { reason: "Unauthorized" }, "unauthorized", "the API server answered 401 Unauthorized"],
    [403, { reason: "Forbidden", message: forbidden }, "forbidden", "ada may not get secrets in web"],
    [403, { reason: "Forbidden", ...terminating }, "conflict", "its namespace is being deleted"],
    [404, { reason: "NotFound" }, "not-found", "not found"],
    [409, { reason: "AlreadyExists" }, "conflict", "it exists already"],
    [
      413,
      { reason: "RequestEntityTooLarge" },
      "too-large",
      "the API server answered 413 RequestEntityTooLarge",
    ],
    [415, {}, "unsupported", "the API server answered 415"],
    [422, { reason: "Invalid", ...fields }, "rejected", "spec.a is required; spec.b is immutable"],
    [400, { message: webhook }, "rejected", "refused by admission webhook policy.example"],
    [
      400,
      { reason: "BadRequest", message: blind },
      "unsupported",
      "the admission webhook policy.example does not support dry runs",
    ],
    [403, { reason: "Forbidden", message: quota }, "forbidden", "it exceeds the ResourceQuota few"],
    [422, { reason: "Invalid", message: policy }, "rejected", "refused by the policy keys"],
    [400, { reason: "BadRequest", message: strict }, "rejected", 'unknown field "spec.bogus"'],
    [500, { message: untyped }, "rejected", ".spec.bogus: field not declared in schema"],
    [500, { message: "etcdserver: leader changed" }, "unavailable", "the API server answered 500"],
    [500, { reason: "ServerTimeout" }, "timeout", "the API server answered 500 ServerTimeout"],
    [503, {}, "unavailable", "the API server answered 503"],
    [504, { reason: "Timeout" }, "timeout", "the API server answered 504 Timeout"],
  ])("%d with %j: %s, %s", async (code, body, means, words) => {
    const cluster = await against((_asked, response) => json(response, code, status(body)));
    const message = `get Secret web/db: ${words}`;
    expect(failure(await cluster.get(address))).toMatchObject({ code: means, message });
  });

  test.each([
    [webhook, "refused by admission webhook policy.example: your password hunter2 is weak"],
    ['admission webhook "x.y" denied the request without explanation', "refused by admission webhook x.y"],
    [policy, "refused by the policy keys: hunter2"],
  ])("%s, in the words of the policy where it is no Secret", async (message, words) => {
    const cluster = await against((_asked, response) => json(response, 400, status({ message })));
    const about = failure(await cluster.get({ ...address, kind: "ConfigMap" })).message;
    expect(about).toBe(`get ConfigMap web/db: ${words}`);
  });

  test.each([
    [429, "7", 7],
    [429, undefined, 1],
    [503, "3", 3],
  ])("%d with Retry-After %j: rate-limited for %d s", async (code, header, retryAfterSeconds) => {
    const headers = header === undefined ? {} : { "retry-after": header };
    const cluster = await against((_asked, response) => json(response, code, status({}), headers));
    expect(failure(await cluster.get(address))).toMatchObject({ code: "rate-limited", retryAfterSeconds });
  });

  test("nothing of a value, wherever the server puts it", async () => {
    const value = "hunter2";
    const echoes = [
      `failed to create typed patch object: .data.password: expected string, got &value.valueUnstructured{Value:"${value}"}`,
      `Secret "db" is invalid: data.password: Invalid value: "${value}": no`,
      `error decoding ${value}`,
    ];
    for (const code of [400, 409, 422, 500, 503]) {
      for (const message of echoes) {
        const cause = {
          reason: "FieldValueInvalid",
          field: "data.password",
          message: `Invalid value: "${value}"`,
        };
        const cluster = await against((_asked, response) =>
          json(response, code, status({ message, reason: "Invalid", ...causes(cause) })),
        );
        const told = failure(await cluster.get(address));
        expect(JSON.stringify(told)).not.toContain(value);
        await cluster.close();
        await server.stop();
      }
    }
  });
});

describe("a broken server is", () => {
  const broken: [string, (response: ServerResponse) => void, string][] = [
    ["a timeout when it is silent", () => {}, "timeout"],
    ["a timeout when it stops within the answer", (response) => void response.write('{"kind":'), "timeout"],
    ["unavailable when it hangs up", (response) => void response.destroy(), "unavailable"],
    ["malformed when it does not speak JSON", (response) => void response.end("<html>"), "malformed"],
  ];

  test.each(broken)("%s", async (_, answer, code) => {
    const cluster = await against((_asked, response) => answer(response), { deadlineMs: 300 });
    expect(failure(await cluster.get(address)).code).toBe(code);
  });

  test("too large when its answer does not end", async () => {
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const cluster = await against((_asked, response) => {
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      more();
    });
    expect(failure(await cluster.get(address)).code).toBe("too-large");
  });

  test("unavailable when nobody listens", async () => {
    const cluster = await against(() => {});
    await server.stop();
    expect(failure(await cluster.get(address)).code).toBe("unavailable");
  });
});

describe("a request", () => {
  test("to delete carries its precondition with a length, or servers would ignore it", async () => {
    const cluster = await against((_asked, response) => json(response, 200, {}));
    value(await cluster.delete(address, "the-uid", "self"));
    const [asked] = server.asked;
    expect(JSON.parse(asked?.body ?? "")).toMatchObject({
      preconditions: { uid: "the-uid" },
      propagationPolicy: "Background",
    });
    expect(asked?.headers["content-length"]).toBe(String(asked?.body.length));
    expect(asked?.headers["transfer-encoding"]).toBeUndefined();
  });

  test("to apply says who, how strictly, and as whom", async () => {
    const cluster = await against((_asked, response) => json(response, 201, secret));
    const as = { serviceAccount: "lockkeeper/acme" };
    const applied = value(
      await cluster.apply(secret, { manager: "lockkeeper", force: true, dryRun: true, as }),
    );
    expect(applied.created).toBe(true);
    const [asked] = server.asked;
    const query = "fieldManager=lockkeeper&force=true&fieldValidation=Strict&dryRun=All";
    expect(asked).toMatchObject({ method: "PATCH", path: `/api/v1/namespaces/web/secrets/db?${query}` });
    expect(asked?.headers).toMatchObject({
      "content-type": "application/apply-patch+yaml",
      "impersonate-user": "system:serviceaccount:lockkeeper:acme",
      authorization: "Bearer t",
    });
  });

  test("to write waits while eight others are on their way; reads do not, and none is lost", async () => {
    const held: ServerResponse[] = [];
    let holding = true;
    const cluster = await against((asked, response) => {
      if (asked.method === "PATCH" && holding) held.push(response);
      else json(response, 200, secret);
    });
    const options = { manager: "lockkeeper", force: true, dryRun: false, as: "self" } as const;
    const writes = Array.from({ length: 40 }, () => cluster.apply(secret, options));
    await expect.poll(() => held.length).toBe(8);
    for (let read = 0; read < 5; read += 1) value(await cluster.get(address));
    expect(held.length).toBe(8);
    holding = false;
    for (const response of held) json(response, 200, secret);
    expect((await Promise.all(writes)).every((result) => result.ok)).toBe(true);
  });

  test("carries the token that is on disk now, for a pod's is replaced while it runs", async () => {
    await against((_asked, response) => json(response, 200, secret));
    const tokenFile = join(server.directory, "token");
    await writeFile(tokenFile, "first\n");
    const kubeconfigFile = await server.kubeconfig({
      "auth-provider": { name: "tokenFile", config: { tokenFile } },
    });
    const rotated = value(await connectCluster({ kubeconfigFile }));
    value(await rotated.get(address));
    await writeFile(tokenFile, "second\n");
    value(await rotated.get(address));
    await rotated.close();
    const tokens = server.asked.map(({ headers }) => headers.authorization);
    expect(tokens).toEqual(["Bearer first", "Bearer second"]);
  });

  test.each([
    ["", "db"],
    ["web", ""],
    ["web", ".."],
    ["..", "db"],
  ])("is not sent for namespace %j and name %j", async (namespace, name) => {
    const cluster = await against((_asked, response) => json(response, 200, secret));
    expect(failure(await cluster.get({ apiVersion: "v1", kind: "Secret", namespace, name })).code).toBe(
      "malformed",
    );
    expect(server.asked).toEqual([]);
  });
});

describe("a listing", () => {
  const maps = { apiVersion: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true };

  test("begins again when its pages have expired", async () => {
    let expired = false;
    const cluster = await against((asked, response) => {
      if (!asked.path.includes("continue=")) {
        return json(response, 200, {
          items: [item(expired ? "new" : "old")],
          metadata: { continue: "next" },
        });
      }
      if (expired) return json(response, 200, { items: [item("last")], metadata: {} });
      expired = true;
      return json(response, 410, status({ reason: "Expired" }));
    });
    const names = value(await cluster.list(maps, "")).map((object) => object.metadata.name);
    expect(names).toEqual(["new", "last"]);
  });

  test("is incomplete when they expire again and again", async () => {
    const cluster = await against((asked, response) =>
      asked.path.includes("continue=")
        ? json(response, 410, status({ reason: "Expired" }))
        : json(response, 200, { items: [item("one")], metadata: { continue: "next" } }),
    );
    expect(failure(await cluster.list(maps, "")).code).toBe("incomplete");
  });

  test("fails as a whole when one page fails", async () => {
    const cluster = await against((asked, response) =>
      asked.path.includes("continue=")
        ? json(response, 503, status({}))
        : json(response, 200, { items: [item("one")], metadata: { continue: "next" } }),
    );
    expect(failure(await cluster.list(maps, "")).code).toBe("unavailable");
  });
});
