import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectCluster } from "../../src/cluster/connect-cluster.ts";
import { failure, value } from "../contracts/cluster-objects.ts";
import { type AnsweringServer, json, startAnsweringServer } from "./answering-server.ts";

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer((asked, response) =>
    json(response, 200, { gitVersion: asked.headers.authorization ?? "nobody" }),
  );
});
afterAll(() => server.stop());

describe("a kubeconfig", () => {
  test.each([
    ["a token", { token: "secret" }, "Bearer secret"],
    ["a name and a password", { username: "ada", password: "x" }, "Basic YWRhOng="],
    ["nothing", {}, "nobody"],
  ])("with %s is how we present ourselves", async (_, user, header) => {
    const cluster = value(await connectCluster({ kubeconfigFile: await server.kubeconfig(user) }));
    expect(value(await cluster.version())).toBe(header);
    await cluster.close();
  });

  test.each([
    ["a program", { exec: { command: "aws" } }, 'user "u" gets its token from a program (exec)'],
    ["a plug-in", { "auth-provider": { name: "gcp" } }, 'user "u" has an auth-provider'],
    ["an impersonation", { token: "t", as: "root" }, 'user "u" impersonates somebody'],
  ])("with %s is refused by name, and nothing is run", async (_, user, words) => {
    const file = await server.kubeconfig(user);
    const refused = failure(await connectCluster({ kubeconfigFile: file }));
    expect(refused.code).toBe("unsupported");
    expect(refused.message).toContain(`${file}: ${words}`);
  });

  test("names files from where it lies", async () => {
    const file = await server.kubeconfig({ token: "t" }, { "certificate-authority": "beside.pem" });
    await writeFile(join(server.directory, "beside.pem"), "");
    const cluster = value(await connectCluster({ kubeconfigFile: file }));
    expect(value(await cluster.version())).toBe("Bearer t");
    await cluster.close();
  });

  test("with a proxy is refused", async () => {
    const file = await server.kubeconfig({}, { "proxy-url": "http://127.0.0.1:1" });
    expect(failure(await connectCluster({ kubeconfigFile: file })).code).toBe("unsupported");
  });

  test("without the context that is asked for is refused with those that it has", async () => {
    const kubeconfigFile = await server.kubeconfig();
    const refused = failure(await connectCluster({ kubeconfigFile, context: "other" }));
    expect(refused.code).toBe("malformed");
    expect(refused.message).toContain('context "other"');
    expect(refused.message).toContain("contexts there: main");
  });

  test.each([
    ["missing", null],
    ["not YAML", "a: [b"],
    ["not a kubeconfig", "hello"],
    ["without anything", "{}"],
    [
      "naming a key that is not there",
      JSON.stringify({
        clusters: [
          { name: "c", cluster: { server: "https://127.0.0.1:1", "certificate-authority": "none.pem" } },
        ],
        users: [{ name: "u", user: {} }],
        contexts: [{ name: "m", context: { cluster: "c", user: "u" } }],
        "current-context": "m",
      }),
    ],
  ])("that is %s is malformed and named", async (what, text) => {
    const file = join(server.directory, what.replaceAll(" ", "-"));
    if (text !== null) await writeFile(file, text);
    const refused = failure(await connectCluster({ kubeconfigFile: file }));
    expect(refused.code).toBe("malformed");
    expect(refused.message).toContain(file);
  });
});

test("outside of a pod and without a kubeconfig, what to set is said", async () => {
  const host = process.env.KUBERNETES_SERVICE_HOST;
  delete process.env.KUBERNETES_SERVICE_HOST;
  const refused = failure(await connectCluster({}));
  if (host !== undefined) process.env.KUBERNETES_SERVICE_HOST = host;
  expect(refused.message).toContain("KUBECONFIG");
});
