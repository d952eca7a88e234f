import { afterEach, expect, test } from "vitest";
import { readBumpMarker } from "../../../src/plan/bump-marker.ts";
import { type ScanWorld, pod, pushImage, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

/**
 * Months of a repository in random order: tags appear, people merge, close, revert and edit around. Whatever they do, after
 * each scan what must hold has to hold. A seed that fails fails always.
 */
const seeds = [1, 2, 3];
const steps = 12;
const names = ["a", "b", "c"];
const file = "apps/web/production/web.yaml";
let world: ScanWorld;

afterEach(() => world.stop());

function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

/** Versions that people said no to, by image. */
type Refused = Map<string, number>;

class Life {
  readonly #random: (below: number) => number;
  readonly refused: Refused = new Map();
  #newest = 0;
  #comment = 0;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  async step(): Promise<string> {
    const open = await world.bumps("open");
    const pull = open[this.#random(Math.max(1, open.length))];
    switch (this.#random(5)) {
      case 0:
        return this.#edit();
      case 1:
        if (pull === undefined) return "nothing";
        await world.ada("PUT", `/pulls/${pull.number}/merge`, {
          merge_method: ["merge", "squash", "rebase"][this.#random(3)],
        });
        return `merge ${pull.title}`;
      case 2:
        if (pull === undefined) return "nothing";
        await world.ada("PATCH", `/pulls/${pull.number}`, { state: "closed" });
        for (const bump of readBumpMarker(pull.body)!.bumps) this.#refuse(bump.image, bump.to);
        return `close ${pull.title}`;
      case 3:
        return this.#revert();
      default:
        this.#newest += 1;
        for (const name of names.filter(() => this.#random(2) === 0))
          await pushImage(world.registry, `acme/${name}:1.${this.#newest}.0`);
        return `push 1.${this.#newest}.0`;
    }
  }

  async #edit(): Promise<string> {
    this.#comment += 1;
    const lines = (await world.read(file)).split("\n");
    lines.splice(this.#random(lines.length), 0, `# ${this.#comment}`);
    await world.write(file, lines.join("\n"));
    return "edit";
  }

  async #revert(): Promise<string> {
    const text = await world.read(file);
    const found = [...text.matchAll(/(\S+\/acme\/[abc]):(1\.[1-9]\d*\.0)/g)];
    const one = found[this.#random(Math.max(1, found.length))];
    if (one === undefined) return "nothing";
    this.#refuse(one[1]!, one[2]!);
    await world.write(file, text.replace(one[0], `${one[1]}:1.0.0`));
    return `revert ${one[0]}`;
  }

  #refuse(image: string, version: string): void {
    this.refused.set(image, Math.max(this.refused.get(image) ?? 0, minor(version)));
  }
}

function minor(version: string): number {
  return Number(version.split(".")[1]);
}

async function tips(): Promise<string[]> {
  return (await world.bumps("open")).map((pull) => `${pull.number} ${pull.headSha} ${pull.body}`);
}

async function isMergeable(number: number): Promise<boolean> {
  return expect
    .poll(async () => (await world.ada("GET", `/pulls/${number}`)).mergeable, { timeout: 5000 })
    .not.toBeNull()
    .then(async () => (await world.ada("GET", `/pulls/${number}`)).mergeable);
}

test.each(seeds)("the life of a repository, seed %i", { timeout: 60_000 }, async (seed) => {
  world = await startScan(
    { [file]: pod(...names.map((name) => `acme/${name}:1.0.0`)) },
    names.map((name) => `acme/${name}:1.0.0`),
  );
  const life = new Life(seed);
  const story: string[] = [];
  for (let step = 0; step < steps; step += 1) {
    story.push(await life.step());
    value(await world.scan());
    const once = await tips();
    value(await world.scan());
    expect(await tips(), story.join(", ")).toEqual(once);
    const present = await world.read(file);
    for (const pull of await world.bumps("open")) {
      expect(await isMergeable(pull.number), `${pull.title} after ${story.join(", ")}`).toBe(true);
      for (const { image, to } of readBumpMarker(pull.body)!.bumps) {
        const now = new RegExp(`${image}:(\\S+)`).exec(present)![1]!;
        expect(minor(to), `${pull.title} after ${story.join(", ")}`).toBeGreaterThan(minor(now));
        expect(minor(to), `${pull.title} after ${story.join(", ")}`).toBeGreaterThan(
          life.refused.get(image) ?? 0,
        );
      }
    }
  }
});
