/** Ends a running process cleanly when it is asked to. */

/** How long running jobs may go on; Kubernetes kills after 30 seconds. */
export const drainMs = 25_000;

/** Calls `stop` once on SIGTERM or SIGINT; a second signal does not wait for it. */
export function onShutdown(
  stop: (signal: string) => Promise<void>,
  exit: (code: number) => void = (code) => process.exit(code),
): void {
  let stopping = false;
  const handle = (signal: string): void => {
    if (stopping) return exit(1);
    stopping = true;
    stop(signal).then(
      () => exit(0),
      () => exit(1),
    );
    return undefined;
  };
  process.on("SIGTERM", handle);
  process.on("SIGINT", handle);
}
