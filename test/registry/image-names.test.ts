import { afterEach, describe, expect, test } from "vitest";
import { imageKey, parseImageReference } from "../../src/model/image.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { failureOf, valueOf } from "./references.ts";
import { Wire } from "./wire.ts";

const [ff, sha512] = ["f".repeat(64), `sha512:${"f".repeat(128)}`];
const hex = "1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a";

/** From `normalize_test.go` and `reference_test.go` of github.com/distribution/reference at 4894124: name, registry, repository. */
const names: readonly (readonly [string, string, string])[] = [
  ["docker/docker", "docker.io", "docker/docker"],
  ["debian", "docker.io", "library/debian"],
  ["docker.io/debian", "docker.io", "library/debian"],
  ["docker.io/library/debian", "docker.io", "library/debian"],
  ["index.docker.io/debian", "docker.io", "library/debian"],
  ["index.docker.io/docker/docker", "docker.io", "docker/docker"],
  ["docker.io/library/foo/bar", "docker.io", "library/foo/bar"],
  ["test_com/foo", "docker.io", "test_com/foo"],
  ["192.168.0.1", "docker.io", "library/192.168.0.1"],
  ["127.0.0.1:5000/debian", "127.0.0.1:5000", "debian"],
  ["test-com:8080/foo", "test-com:8080", "foo"],
  ["xn--n3h.com:18080/foo", "xn--n3h.com:18080", "foo"],
  ["b.gcr.io/test.example.com/my-app", "b.gcr.io", "test.example.com/my-app"],
  ["[fc00::1]:5000/docker/docker", "[fc00::1]:5000", "docker/docker"],
  ["[2001:db8::1]/repo", "[2001:db8::1]", "repo"],
  ["docker---rules/docker", "docker.io", "docker---rules/docker"],
  ["dock__er/docker", "docker.io", "dock__er/docker"],
  [`docker.io/${hex}`, "docker.io", `library/${hex}`],
  [hex.slice(1), "docker.io", `library/${hex.slice(1)}`],
  // The originals keep the case of a host, which is no other host for that.
  ["DOCKER/docker", "docker", "docker"],
];

/** From the same files: reference, tag, digest. */
const parts: readonly (readonly [string, string | undefined, string | undefined])[] = [
  ["test.com:5000", "5000", undefined],
  ["192.168.1.1:5000/repo:5050", "5050", undefined],
  ["foo/foo_bar.com:8080", "8080", undefined],
  ["lowercase:Uppercase", "Uppercase", undefined],
  ["test:5000/repo", undefined, undefined],
  [`test:5000/repo@sha256:${ff}`, undefined, `sha256:${ff}`],
  [`test:5000/repo:tag@sha256:${ff}`, "tag", `sha256:${ff}`],
  [`xn--7o8h.com/myimage:xn--7o8h.com@${sha512}`, "xn--7o8h.com", sha512],
  [`[2001:db8::1]:5000/repo:tag@sha256:${ff}`, "tag", `sha256:${ff}`],
];

/** From the same files. */
const invalid: readonly string[] = [
  "",
  ":justtag",
  `@sha256:${ff}`,
  `repo@sha256:${"f".repeat(34)}`,
  `validname@invaliddigest:${ff}`,
  "Uppercase:tag",
  "test:5000/Uppercase/lowercase:tag",
  `${"a/".repeat(128)}a:tag`,
  "aa/asdf$$^/aa",
  "[2001:db8::1]",
  "[2001:db8::1]:5000",
  "fc00::1:5000/debian",
  "[fe80::1%eth0]:5000/repo",
  "[2001:db8:3:4::192.0.2.33]:5000/debian",
  "https://github.com/docker/docker",
  "docker/Docker",
  "-docker",
  "-docker.io/docker/docker",
  "docker-/docker",
  "docker///docker",
  "docker/",
  "____/____",
  "dock..er/docker",
  "dock_.er/docker",
  "dock-.er/docker",
  hex,
  `${"x".repeat(256)}/docker`,
];

describe("an image reference", () => {
  test.each(names)("%s names a repository of a registry", (text, registry, repository) => {
    expect(valueOf(parseImageReference(text))).toMatchObject({ name: text, registry, repository });
  });

  test.each(parts)("%s has its tag and its digest", (text, tag, digest) => {
    const read = valueOf(parseImageReference(text));
    expect([read.tag, read.digest]).toEqual([tag, digest]);
  });

  test.each(invalid)("%j is none", (text) => {
    expect(failureOf(parseImageReference(text)).code).toBe("malformed");
  });
});

describe("one repository under several names", () => {
  const hub = [
    "nginx",
    "library/nginx",
    "docker.io/nginx",
    "index.docker.io/nginx",
    "Docker.io/library/nginx",
  ];
  const spellings = [...hub, "registry-1.docker.io/nginx", "registry.hub.docker.com/library/nginx"];
  let wire: Wire;
  afterEach(() => wire?.stop());

  test.each([
    ["Docker Hub", spellings],
    ["another host", ["ghcr.io/acme/web", "GHCR.io/acme/web"]],
    ["a path at Docker Hub", ["acme/web", "registry-1.docker.io/acme/web", "index.docker.io/acme/web"]],
  ])("of %s has one key, and keeps each spelling", (_where, all) => {
    const read = all.map((text) => valueOf(parseImageReference(`${text}:1.0.0`)));
    expect(new Set(read.map(imageKey)).size).toBe(1);
    expect(read.map(({ name }) => name)).toEqual(all);
  });

  test("is listed once for those who ask at the same time", async () => {
    wire = await Wire.start(({ url }) => ({
      status: 200,
      body: url.pathname.endsWith("/tags/list") ? '{"tags":["1.0.0","1.1.0"]}' : "{}",
    }));
    const registry = createRegistry({ insecureHosts: [], request: wire.request });
    const images = spellings.map((text) => valueOf(parseImageReference(text)));
    const lists = await Promise.all(images.map((image) => registry.tags(image)));
    for (const list of lists) expect(valueOf(list).tags).toEqual(["1.0.0", "1.1.0"]);
    expect(wire.places).toEqual([
      "https://registry-1.docker.io/v2/",
      "https://registry-1.docker.io/v2/library/nginx/tags/list",
    ]);
  });
});
