/** Keeps what was read behind a digest, as that never changes. */

import type { Result } from "../model/failure.ts";
import { isDigest } from "../model/image.ts";

/** Enough for every image of a large fleet; beyond it the oldest answer is asked for again. */
const mostKept = 20_000;

type Ask<T> = () => Promise<Result<T>>;

/** Only good answers about digests are kept. A key is used for one type of answer only. */
export function keepAnswers(): <T>(reference: string, key: string, ask: Ask<T>) => Promise<Result<T>> {
  const answers = new Map<string, Result<unknown>>();
  return async <T>(reference: string, key: string, ask: Ask<T>) => {
    const known = answers.get(key) as Result<T> | undefined;
    if (known !== undefined) return known;
    const answer = await ask();
    if (answer.ok && isDigest(reference)) {
      const oldest = answers.size < mostKept ? undefined : answers.keys().next().value;
      if (oldest !== undefined) answers.delete(oldest);
      answers.set(key, answer);
    }
    return answer;
  };
}
