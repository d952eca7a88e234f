/** The registry of a run: which tags each image has, as this test remembers them, and the sandbox that serves them. */

import type { SandboxRegistry } from "../../src/sandbox/registry.ts";
import { type Version, images } from "./manifest.ts";
import { isRelease, latestOf, next } from "./version.ts";

/** The tag of an image that is followed by its digest. */
const moving = "main";
/** Contents that tags may point at; enough for one run. */
const contents = 24;
const pools = new WeakMap<SandboxRegistry, Promise<ReadonlyMap<string, readonly string[]>>>();

export class Shelf {
  readonly #registry: SandboxRegistry;
  readonly #pool: ReadonlyMap<string, readonly string[]>;
  readonly #tags = new Map<string, Map<string, string>>(images.map(({ name }) => [name, new Map()]));
  #used = 0;

  private constructor(registry: SandboxRegistry, pool: ReadonlyMap<string, readonly string[]>) {
    this.#registry = registry;
    this.#pool = pool;
  }

  static async open(registry: SandboxRegistry): Promise<Shelf> {
    const pool = pools.get(registry) ?? fill(registry);
    pools.set(registry, pool);
    const shelf = new Shelf(registry, await pool);
    for (const { name, mutable } of images) shelf.push(name, mutable ? moving : "1.0.0");
    return shelf;
  }

  /** Points a tag, new or old, at a content that no tag had before. */
  push(image: string, tag: string): void {
    const pool = this.#pool.get(image) ?? [];
    this.move(image, tag, pool[(this.#used += 1) % pool.length] ?? "");
  }

  move(image: string, tag: string, digest: string): void {
    this.#tags.get(image)?.set(tag, digest);
    this.#registry.moveTag(`acme/${image}`, tag, digest);
  }

  remove(image: string, tag: string): void {
    this.#tags.get(image)?.delete(tag);
    this.#registry.deleteTag(`acme/${image}`, tag);
  }

  close(): void {
    for (const [image, tags] of this.#tags) for (const tag of tags.keys()) this.remove(image, tag);
  }

  releases(image: string): readonly string[] {
    return [...(this.#tags.get(image)?.keys() ?? [])].filter(isRelease);
  }

  digest(image: string, tag: string): string | undefined {
    return this.#tags.get(image)?.get(tag);
  }

  /** The newest thing that there is to run. */
  latest(image: string): Version {
    return this.version(image, isFollowed(image) ? moving : (latestOf(this.releases(image)) ?? "1.0.0"));
  }

  /** A tag as a manifest of this image writes it. */
  version(image: string, tag: string): Version {
    const pinned = images.find(({ name }) => name === image)?.pinned === true;
    return { tag, digest: pinned ? (this.digest(image, tag) ?? null) : null };
  }

  /** A release that nobody has yet, after the latest or before it. */
  fresh(image: string, part: number): string {
    let tag = next(latestOf(this.releases(image)) ?? "1.0.0", part);
    while (this.digest(image, tag) !== undefined) tag = next(tag, 2);
    return tag;
  }
}

/** Whether an image has no versions, only a digest that moves. */
export function isFollowed(image: string): boolean {
  return images.some(({ name, mutable }) => name === image && mutable);
}

async function fill(registry: SandboxRegistry): Promise<ReadonlyMap<string, readonly string[]>> {
  const pool = new Map<string, readonly string[]>();
  for (const { name } of images) {
    const digests: string[] = [];
    for (let content = 0; content < contents; content += 1) {
      const labels = { content: String(content) };
      const created = new Date(0);
      digests.push(
        await registry.push(`acme/${name}`, "none", { platforms: ["linux/amd64"], created, labels }),
      );
    }
    registry.deleteTag(`acme/${name}`, "none");
    pool.set(name, digests);
  }
  return pool;
}
