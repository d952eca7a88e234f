/** The entries of `signoff.freeze`: times in which nothing of some environments is signed off. */

import { z } from "zod";
import { instantsOf } from "../model/wall-clock.ts";
import type { Freeze } from "../signoff/rule.ts";
import { approver, glob, oneOrMany, text } from "./setting-types.ts";
import { timezone, wallTime } from "./wall-time-setting.ts";

/** Where clocks are put back over its beginning or end, a freeze is the longer one: it never ends before the wall says so twice. */
export const freeze = z
  .strictObject({
    name: text,
    environments: oneOrMany(glob).optional(),
    begins: wallTime,
    ends: wallTime,
    timezone: timezone.default("UTC"),
    except: oneOrMany(approver).default([]),
  })
  .transform(({ begins, ends, ...rest }, context): Freeze => {
    const from = instantsOf(begins, rest.timezone)[0]?.toISOString() ?? "";
    const to = instantsOf(ends, rest.timezone).at(-1)?.toISOString() ?? "";
    if (Date.parse(from) < Date.parse(to)) return { ...rest, begins: from, ends: to };
    context.issues.push({
      code: "custom",
      message: "must be after its beginning",
      path: ["ends"],
      input: ends,
    });
    return z.NEVER;
  });
