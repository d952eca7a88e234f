import { describe, expect, test } from "vitest";
import { configText, referencesOf } from "../../src/rollout/reload-references.ts";

/** `Secret/db password? user`: the keys, a question mark at those that may be missing; a star for the whole object. */
function shown(spec: object): readonly string[] {
  return referencesOf({ spec })
    .map((reference) => {
      const keys =
        reference.keys === null ? ["*"] : [...reference.keys].map(([key, may]) => key + (may ? "?" : ""));
      return [configText(reference), ...keys.toSorted()].join(" ");
    })
    .toSorted();
}

const mount = (name: string) => ({ name: "web", volumeMounts: [{ name, mountPath: "/etc/x" }] });
const env = (valueFrom: object) => ({ containers: [{ name: "web", env: [{ name: "A", valueFrom }] }] });

describe("what a pod template uses", () => {
  test.each<[string, object, readonly string[]]>([
    ["nothing", { containers: [{ name: "web", env: [{ name: "A", value: "1" }] }] }, []],
    [
      "a key of a ConfigMap",
      env({ configMapKeyRef: { name: "settings", key: "a" } }),
      ["ConfigMap/settings a"],
    ],
    [
      "a key that may be missing",
      env({ secretKeyRef: { name: "db", key: "a", optional: true } }),
      ["Secret/db a?"],
    ],
    ["a field", env({ fieldRef: { fieldPath: "metadata.name" } }), []],
    [
      "all keys as variables",
      {
        containers: [
          { envFrom: [{ configMapRef: { name: "settings" } }, { prefix: "X_", secretRef: { name: "db" } }] },
        ],
      },
      ["ConfigMap/settings *", "Secret/db *"],
    ],
    [
      "init and ephemeral containers",
      {
        containers: [{ name: "web" }],
        initContainers: [{ envFrom: [{ secretRef: { name: "first" } }] }],
        ephemeralContainers: [{ envFrom: [{ secretRef: { name: "debug" } }] }],
      },
      ["Secret/debug *", "Secret/first *"],
    ],
    [
      "a volume",
      { containers: [mount("v")], volumes: [{ name: "v", configMap: { name: "settings" } }] },
      ["ConfigMap/settings *"],
    ],
    [
      "items of a volume",
      {
        containers: [mount("v")],
        volumes: [
          { name: "v", secret: { secretName: "db", optional: true, items: [{ key: "a", path: "a" }] } },
        ],
      },
      ["Secret/db a?"],
    ],
    [
      "a volume that nobody mounts",
      { containers: [mount("other")], volumes: [{ name: "v", configMap: { name: "settings" } }] },
      [],
    ],
    [
      "a projected volume of an init container",
      {
        containers: [{ name: "web" }],
        initContainers: [mount("v")],
        volumes: [
          {
            name: "v",
            projected: {
              sources: [
                { configMap: { name: "settings", items: [{ key: "b", path: "b" }] } },
                { secret: { name: "db" } },
                { serviceAccountToken: { path: "token" } },
              ],
            },
          },
        ],
      },
      ["ConfigMap/settings b", "Secret/db *"],
    ],
    [
      "a class of the secret store",
      {
        containers: [mount("v")],
        volumes: [
          {
            name: "v",
            csi: { driver: "secrets-store.csi.k8s.io", volumeAttributes: { secretProviderClass: "vault" } },
          },
        ],
      },
      ["SecretProviderClass/vault *"],
    ],
    [
      "another CSI driver",
      {
        containers: [mount("v")],
        volumes: [
          { name: "v", csi: { driver: "other", volumeAttributes: { secretProviderClass: "vault" } } },
        ],
      },
      [],
    ],
    ["credentials of images", { containers: [{ name: "web" }], imagePullSecrets: [{ name: "pull" }] }, []],
    [
      "the whole and a key of it",
      {
        containers: [
          {
            envFrom: [{ secretRef: { name: "db" } }],
            env: [{ name: "A", valueFrom: { secretKeyRef: { name: "db", key: "a" } } }],
          },
        ],
      },
      ["Secret/db *"],
    ],
    [
      "a key twice, which one use needs",
      {
        containers: [
          { env: [{ valueFrom: { secretKeyRef: { name: "db", key: "a", optional: true } } }] },
          { env: [{ valueFrom: { secretKeyRef: { name: "db", key: "a" } } }] },
        ],
      },
      ["Secret/db a"],
    ],
    ["rubbish", { containers: [null, 3, { env: "x", envFrom: [1] }], volumes: {} }, []],
  ])("%s", (_, spec, wanted) => {
    expect(shown(spec)).toEqual(wanted);
  });
});
