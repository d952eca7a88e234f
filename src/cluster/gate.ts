/** Lets so many through at a time, the others wait in the order in which they came. */

export interface Gate {
  run<T>(job: () => Promise<T>): Promise<T>;
}

export function createGate(width: number): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return {
    async run(job) {
      if (running < width) running += 1;
      else await new Promise<void>((enter) => waiting.push(enter));
      try {
        return await job();
      } finally {
        leave();
      }
    },
  };
}
