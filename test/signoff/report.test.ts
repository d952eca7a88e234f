import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { demandsOf } from "../../src/signoff/demand.ts";
import { type Verdict, evaluate } from "../../src/signoff/evaluate.ts";
import type { Change, Opinion, SignoffFacts } from "../../src/signoff/facts.ts";
import { verdictBlocks } from "../../src/signoff/report.ts";
import type { SignoffRules } from "../../src/signoff/rule.ts";
import { verdictTitle } from "../../src/signoff/title.ts";
import { approval, change, facts, need, person, platform, rules, sre, writers } from "./people.ts";

const production = rules({
  rules: [{ name: "production", when: { environments: ["production"] }, need: need(2, sre) }],
});
const grace = approval("grace", ["team:acme/sre"]);
const ada = approval("ada", ["team:acme/sre"]);
const adaPushed = { id: 1, login: "ada", part: "pusher", sha: "a1b2c3d4e5" } as const;

function judge(
  rules: SignoffRules,
  opinions: readonly Opinion[],
  more: Partial<SignoffFacts> = {},
  changed: Partial<Change> = {},
): Verdict {
  const it = change(changed);
  return evaluate(it, demandsOf(rules, it), facts(opinions, more));
}

const written = (verdict: Verdict): string => verdictBlocks(verdict).join("\n\n");

describe("the title", () => {
  test.each<[string, Verdict]>([
    ["Waiting for 2 of acme/sre.", judge(production, [])],
    [
      "Waiting for 1 of acme/sre. grace counts; ada does not: pushed a1b2c3d.",
      judge(production, [grace, ada], { contributors: [adaPushed] }),
    ],
    [
      "Waiting for 2 of acme/sre. grace does not: approved c0ffee1, which was another change.",
      judge(production, [{ ...grace, saw: { type: "other", sha: "c0ffee1234" } }]),
    ],
    ["Signed off by grace and linus.", judge(production, [grace, approval("linus", ["team:acme/sre"])])],
    [
      "linus has requested changes.",
      judge(production, [{ ...approval("linus", ["team:acme/sre"]), state: "changes-requested" }]),
    ],
    [
      "Commit deadbee belongs to no GitHub account, so nobody can be told from its author.",
      judge(production, [grace], { unattributed: ["deadbeef"] }),
    ],
    [
      "Waiting for 1 of acme/platform and 1 of people who can write or acme/sre.",
      judge(rules({ default: need(1, writers, sre) }), [], {}, { configuration: true }),
    ],
    ["Nothing to sign off: no app and no configuration is touched.", judge(production, [], {}, { apps: [] })],
    ["No approval is demanded.", judge(rules({ default: need(0, platform) }), [])],
  ])("%s", (title, verdict) => {
    expect(verdictTitle(verdict)).toBe(title);
  });
});

describe("the summary", () => {
  const summary = written(
    judge(production, [grace, ada], { contributors: [adaPushed] }, { configuration: true }),
  );

  test("names each rule, why it applies, what it needs and has", () => {
    expect(summary).toContain(
      "| **waiting for 1** | `production` | touches `web` (`production`) | 2 of `acme/sre` | `grace` |",
    );
    expect(summary).toContain(
      "| **waiting for 1** | `configuration` | the configuration is changed | 1 of `acme/platform` | nobody |",
    );
  });

  test("names the approvals that do not count, and why", () => {
    expect(summary).toContain("- `ada`: `pushed a1b2c3d`");
  });

  test("names the conditions of a rule", () => {
    const when = { kinds: ["minor" as const], paths: ["apps/**"], authors: ["mallory"] };
    const verdict = judge(rules({ rules: [{ name: "r", when, need: need(1, sre) }] }), []);
    expect(written(verdict)).toContain(
      "touches `web` (`production`); paths `apps/**`; kind `minor`; author `mallory`",
    );
  });

  test("lets nothing from outside out of its code span", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        const hostile = `${text}\`@everyone\` <img src=x> [a](javascript:b) #1 | x\n# y`;
        const verdict = judge(
          rules({ rules: [{ name: hostile, when: {}, need: need(1, sre) }] }),
          [{ ...grace, saw: { type: "unproven", why: hostile } }],
          {},
          { author: person("linus") },
        );
        const bare = written(verdict).replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
        expect(bare).not.toMatch(/@everyone|<img|javascript|#1|^# y/m);
        expect(verdictTitle(verdict)).not.toMatch(/\n/);
      }),
    );
  });
});
