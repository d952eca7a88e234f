/** One step of a run: something happens, in some weather, and the product reacts. */

import {
  type Arbitrary,
  type AsyncCommand,
  commands,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  record,
  tuple,
} from "fast-check";
import type { Picks } from "./action.ts";
import { actions, interfering } from "./actions.ts";
import type { Hearing, RequestKind, Tap } from "./bot.ts";
import { type Violation, rememberSettled, violationsOf } from "./invariants.ts";
import type { Run } from "./run.ts";

/** A request to GitHub by its number, among those of its kind, since the product began to react. */
interface Moment {
  readonly of: RequestKind;
  readonly number: number;
}

/**
 * What goes wrong while the product reacts, at one request to GitHub: `refused` answers 500 without an effect,
 * `unanswered` loses the answer of one that had it; `killed` ends the process before or after; `meanwhile` something else
 * happens just before the request is sent. `stale`: reads of refs show what was before the step.
 */
type Mishap =
  | { readonly type: "none" | "stale" }
  | { readonly type: "refused" | "unanswered" | "killed before" | "killed after"; readonly at: Moment }
  | { readonly type: "meanwhile"; readonly at: Moment; readonly act: Happening };

interface Happening {
  readonly action: number;
  readonly picks: Picks;
}

interface Course {
  readonly act: Happening;
  readonly mishap: Mishap;
  readonly deliveries: Hearing["deliveries"];
  /** Whether the process is another one afterwards. */
  readonly restart: boolean;
  /** Whether everything settles then, and is looked at; else the next thing happens before. */
  readonly settle: boolean;
}

/** Thrown where a promise is broken. */
export class Broken extends Error {
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(violations.map(({ fault, what }) => `${fault}: ${what}`).join("\n"));
    this.violations = violations;
  }
}

export class Step implements AsyncCommand<object, Run> {
  readonly #course: Course;
  #told: string[] = [];

  constructor(course: Course) {
    this.#course = course;
  }

  check(): boolean {
    return true;
  }

  async run(_: object, run: Run): Promise<void> {
    const { act, mishap, deliveries, restart, settle } = this.#course;
    const { clock, github } = run.plot.stage;
    run.story.push((this.#told = []));
    clock.advance();
    await this.#happen(run, act);
    if (mishap.type === "stale") github.faults.add({ kind: "stale", milliseconds: 1000 });
    if (deliveries === "lost") run.plot.inbox.length = 0;
    else run.bot.scanSoon();
    const ended = await run.bot.work({ deliveries }, this.#tap(run, mishap));
    github.faults.clear();
    if (mishap.type === "stale") this.#told.push("reads were stale");
    if (ended === "killed") this.#told.push("and the process with it");
    if (deliveries !== "in order") this.#told.push(`webhooks ${deliveries}`);
    if (restart) {
      run.bot.restart();
      this.#told.push("restart");
    }
    clock.advance();
    if (settle) await settled(run);
    else this.#told.push("not looked at");
  }

  async #happen(run: Run, { action, picks }: Happening): Promise<void> {
    const done = await actions[action]?.action(run, picks);
    if (done !== null && done !== undefined) this.#told.push(done);
  }

  #tap(run: Run, mishap: Mishap): Tap {
    if (!("at" in mishap)) return async () => "send";
    const { at } = mishap;
    return async (numbers) => {
      if (numbers[at.of] !== at.number) return "send";
      const where = `request ${numbers.all}, which ${numbers.moves ? "moves a branch" : numbers.writes ? "writes" : "reads"}`;
      if (mishap.type === "meanwhile") {
        this.#told.push(`meanwhile, at ${where}:`);
        await this.#happen(run, mishap.act);
        return "send";
      }
      this.#told.push(`${where}, is ${mishap.type}`);
      const { faults } = run.plot.stage.github;
      if (mishap.type === "refused") faults.add({ kind: "server-error" });
      else if (mishap.type === "unanswered") faults.add({ kind: "bad-gateway", after: true });
      else return mishap.type === "killed before" ? "kill before" : "kill after";
      return "send";
    };
  }
}

/** Everything is looked at, until a look writes nothing, which the third has to; then what has to hold has to hold. */
export async function settled(run: Run): Promise<void> {
  const { bot, plot } = run;
  const look = async (): Promise<number> => {
    await plot.stage.github.settle();
    const { writes } = bot;
    await bot.work({ deliveries: "in order" });
    return bot.writes - writes;
  };
  await look();
  await bot.resync();
  let wrote = await look();
  if (wrote > 0) {
    bot.scanSoon();
    wrote = await look();
  }
  const violations = [...(await violationsOf(run))];
  if (wrote > 0) violations.push({ fault: "restless", what: `looking again wrote ${wrote} times` });
  if (violations.length > 0) throw new Broken(violations);
  await rememberSettled(run);
  run.rebuilding.clear();
}

const chosen = actions.flatMap(({ weight }, index) => Array.from({ length: weight }, () => index));
const picks = tuple(nat(30), nat(30), nat(30));
const happening: Arbitrary<Happening> = record({
  action: constantFrom(...chosen),
  picks,
});
const moment = (of: RequestKind, last: number): Arbitrary<Moment> =>
  record({ of: constant(of), number: integer({ min: 1, max: last }) });
const at = oneof(moment("writes", 9), moment("moves", 3), moment("all", 40));
/** What is likeliest to get in the way of what the product is about to do. */
const between = record({
  action: constantFrom(...interfering.map((action) => actions.findIndex((one) => one.action === action))),
  picks,
});
const calm = constant<Mishap>({ type: "none" });
const mishap: Arbitrary<Mishap> = oneof(
  { withCrossShrink: true },
  { weight: 8, arbitrary: calm },
  { weight: 1, arbitrary: constant<Mishap>({ type: "stale" }) },
  {
    weight: 3,
    arbitrary: record({
      type: constantFrom("refused", "unanswered", "killed before", "killed after"),
      at,
    }),
  },
  {
    weight: 3,
    arbitrary: record({ type: constant("meanwhile" as const), at, act: oneof(between, happening) }),
  },
);
const deliveries = oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: constant("in order" as const) },
  { weight: 4, arbitrary: constantFrom("lost" as const, "twice" as const, "backwards" as const) },
);

export const steps = commands(
  [
    record({
      act: happening,
      mishap,
      deliveries,
      restart: nat(9).map((one) => one === 9),
      settle: nat(3).map((one) => one !== 3),
    }).map((course) => new Step(course)),
  ],
  { maxCommands: 12, size: "max" },
);
