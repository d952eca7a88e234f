/** What a command uses of its process, passed in so that it can be tested. */

export interface CommandIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Whether a person watches the error stream: then progress is shown on it. */
  readonly watched: boolean;
}

export function processIo(): CommandIo {
  return {
    env: process.env,
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    watched: process.stderr.isTTY,
  };
}
