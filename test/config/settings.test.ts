import { generateKeyPairSync, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Environment, readEnvironment } from "../../src/config/settings.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const pem = rsa.export({ type: "pkcs1", format: "pem" }).toString().trim();
const good = { APP_ID: "12", PRIVATE_KEY: pem, WEBHOOK_SECRET: randomBytes(16).toString("hex") };
const files: Record<string, string> = {
  "/key.pem": pem,
  "/broken.pem": "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
  "/targets.yml":
    "targets:\n  - repository: acme/gitops\n    paths: [apps/**]\n    namespaces: [web]\n    serviceAccount: self\n",
  "/broken.yml": "targets:\n  - repository: 5\n",
};
const read = (environment: Environment) => readEnvironment(environment, (path) => files[path] ?? null);

function problems(environment: Environment): readonly string[] {
  const result = read({ ...good, ...environment });
  return result.ok ? [] : result.problems;
}

test("three settings are enough; the rest has defaults", () => {
  const result = read(good);
  expect(result.ok && result.settings).toMatchObject({
    appId: 12,
    apiUrl: "https://api.github.com",
    host: "127.0.0.1",
    port: 3000,
    metricsPort: null,
    cluster: null,
    targets: [],
    logLevel: "info",
    resyncSeconds: 300,
  });
});

test.each<[string, Environment, object]>([
  ["a key file", { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "/key.pem" }, { privateKey: pem }],
  ["a key on one line", { PRIVATE_KEY: pem.replaceAll("\n", "\\n") }, { privateKey: pem }],
  ["a pod's own cluster", { KUBERNETES_SERVICE_HOST: "10.0.0.1" }, { cluster: "in-cluster" }],
  [
    "a kubeconfig",
    { KUBECONFIG: "/kube", KUBERNETES_SERVICE_HOST: "x" },
    { cluster: { kubeconfig: "/kube" } },
  ],
  ["a sandbox", { GITHUB_API_URL: "http://127.0.0.1:4000/" }, { apiUrl: "http://127.0.0.1:4000" }],
  ["hosts", { LOCKKEEPER_INSECURE_REGISTRIES: "a:5000, b" }, { insecureRegistries: ["a:5000", "b"] }],
  ["seconds in cron", { LOCKKEEPER_SCAN_SCHEDULE: "*/3 * * * * *" }, { scanSchedule: "*/3 * * * * *" }],
])("takes %s", (_what, environment, expected) => {
  const result = read({ ...good, ...environment });
  expect(result.ok && result.settings).toMatchObject(expected);
});

test("a targets file is read with the settings", () => {
  const result = read({ ...good, LOCKKEEPER_TARGETS: "/targets.yml" });
  expect(result.ok && result.settings.targets[0]?.repository).toBe("acme/gitops");
});

describe("names the setting that is wrong:", () => {
  test.each<[string, Environment]>([
    ["APP_ID", { APP_ID: "lockkeeper" }],
    ["APP_ID", { APP_ID: undefined }],
    ["PRIVATE_KEY", { PRIVATE_KEY: "nonsense" }],
    ["PRIVATE_KEY", { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "/broken.pem" }],
    ["PRIVATE_KEY", { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "/nowhere" }],
    ["WEBHOOK_SECRET", { WEBHOOK_SECRET: "development" }],
    ["WEBHOOK_SECRET", { WEBHOOK_SECRET: "secretsecretsecretsecretsecretsecret" }],
    ["WEBHOOK_SECRET", { WEBHOOK_SECRET: "a".repeat(40) }],
    ["WEBHOOK_SECRET", { WEBHOOK_SECRET: "0123456789".repeat(4) }],
    ["WEBHOOK_SECRET", { WEBHOOK_SECRET: `${randomBytes(16).toString("hex")}\n` }],
    ["GITHUB_API_URL", { GITHUB_API_URL: "github.com" }],
    ["GITHUB_API_URL", { GITHUB_API_URL: "http://github.example.com" }],
    ["GITHUB_API_URL", { GITHUB_API_URL: "http://127.0.0.1.example.com" }],
    ["GITHUB_API_URL", { GITHUB_API_URL: "https://user:word@github.example.com" }],
    ["PORT", { PORT: "70000" }],
    ["METRICS_PORT", { METRICS_PORT: "x" }],
    ["LOCKKEEPER_INSECURE_REGISTRIES", { LOCKKEEPER_INSECURE_REGISTRIES: "*" }],
    ["LOCKKEEPER_REGISTRY_SECRET", { LOCKKEEPER_REGISTRY_SECRET: "short" }],
    ["LOCKKEEPER_REGISTRY_SECRET", { LOCKKEEPER_REGISTRY_SECRET: `${"a1".repeat(16)}/` }],
    ["LOCKKEEPER_REGISTRY_SECRET", { LOCKKEEPER_REGISTRY_SECRET: good["WEBHOOK_SECRET"] }],
    ["LOCKKEEPER_PULL_SECRETS", { LOCKKEEPER_PULL_SECRETS: "web/pull, registry" }],
    ["LOCKKEEPER_TARGETS", { LOCKKEEPER_TARGETS: "/broken.yml" }],
    ["LOCKKEEPER_SCAN_SCHEDULE", { LOCKKEEPER_SCAN_SCHEDULE: "often" }],
    ["LOCKKEEPER_RESYNC_SECONDS", { LOCKKEEPER_RESYNC_SECONDS: "0" }],
    ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
  ])("%s %#", (setting, environment) => {
    const found = problems(environment);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${setting} `));
  });

  test("all at once", () => {
    expect(problems({ APP_ID: "", WEBHOOK_SECRET: "", PORT: "x" })).toHaveLength(3);
  });
});
