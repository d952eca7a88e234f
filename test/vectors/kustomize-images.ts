/** What kustomize renders of an entry of `images` over a base. Each line was built with it. */

/** The shapes of its tests under other names: api/filters/imagetag/imagetag_test.go and updater.go at 12f9e63. */
export const source = "kustomize v5.5.0, as in kubectl 1.32.4";

export const old = `sha256:${"a".repeat(64)}`;
export const next = `sha256:${"b".repeat(64)}`;

type Entry = Readonly<Record<string, string>>;

/** `rendered`: the image that runs, in kustomize's words. */
export const rendered: readonly {
  readonly base: string;
  readonly entry: Entry;
  readonly rendered: string;
}[] = [
  { base: "web", entry: { newTag: "2.0" }, rendered: "web:2.0" },
  { base: "web:1.0", entry: { newTag: "2.0" }, rendered: "web:2.0" },
  { base: `web@${old}`, entry: { newTag: "2.0" }, rendered: "web:2.0" },
  { base: `web:1.0@${old}`, entry: { newTag: "2.0" }, rendered: "web:2.0" },
  { base: "web:1.0", entry: { digest: next }, rendered: `web@${next}` },
  { base: `web:1.0@${old}`, entry: { digest: next }, rendered: `web@${next}` },
  { base: "web:1.0", entry: { newTag: "2.0", digest: next }, rendered: `web:2.0@${next}` },
  { base: `web@${old}`, entry: { newTag: "2.0", digest: next }, rendered: `web:2.0@${next}` },
  { base: "web:1.0", entry: { newName: "gate" }, rendered: "gate:1.0" },
  { base: `web@${old}`, entry: { newName: "gate" }, rendered: `gate@${old}` },
  { base: `web:1.0@${old}`, entry: { newName: "gate" }, rendered: `gate:1.0@${old}` },
  {
    base: "web:1.0",
    entry: { newName: "lock.example/gate", newTag: "2.0" },
    rendered: "lock.example/gate:2.0",
  },
  { base: `web:1.0@${old}`, entry: { newName: "gate", newTag: "2.0" }, rendered: "gate:2.0" },
  { base: "web:1.0", entry: { newName: "gate", digest: next }, rendered: `gate@${next}` },
  {
    base: `web:1.0@${old}`,
    entry: { newName: "gate", newTag: "2.0", digest: next },
    rendered: `gate:2.0@${next}`,
  },
  { base: "web:1.0", entry: { newTag: "2.0", tagSuffix: "-alpine" }, rendered: "web:2.0" },
  { base: "web:1.0", entry: { digest: next, tagSuffix: "-alpine" }, rendered: `web@${next}` },
  {
    base: "lock.example:5000/acme/web:1.0",
    entry: { name: "lock.example:5000/acme/web", newTag: "2.0" },
    rendered: "lock.example:5000/acme/web:2.0",
  },
  {
    base: "lock.example:5000/acme/web:1.0",
    entry: { name: "lock.example:5000/acme/web", newName: "gate" },
    rendered: "gate:1.0",
  },
  { base: "acme/web:1.0", entry: { name: "acme/web", newName: "gate" }, rendered: "gate:1.0" },
  {
    base: "docker.io/library/web:1.0",
    entry: { name: "docker.io/library/web", newName: "gate" },
    rendered: "gate:1.0",
  },
];

/** What is rendered has no version of its own in the entry, and is told as not followed. */
export const told: readonly { readonly base: string; readonly entry: Entry; readonly rendered: string }[] = [
  { base: "web", entry: { newName: "gate" }, rendered: "gate" },
  { base: "web:1.0", entry: { newTag: "" }, rendered: "web:1.0" },
  { base: "web:1.0", entry: {}, rendered: "web:1.0" },
  { base: "web:1.0", entry: { newName: "gate", tagSuffix: "-alpine" }, rendered: "gate:1.0-alpine" },
  // An entry that matches nothing there: another image whose name begins alike, or in another spelling.
  { base: "web-api:1.0", entry: { newName: "gate" }, rendered: "web-api:1.0" },
  { base: "docker.io/library/web:1.0", entry: { newName: "gate" }, rendered: "docker.io/library/web:1.0" },
];
