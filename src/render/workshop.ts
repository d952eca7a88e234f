/** Where renderings are made: by this process itself, or by a server that does nothing else (`render-client.ts`). */

import type { Result } from "../model/failure.ts";
import { type ToolJob, type ToolLimits, ToolRunner } from "./run-tool.ts";
import { type Tool, type ToolPlaces, Tools, type Wanted } from "./tools.ts";

export interface ToolFinder {
  /** The message of a failure says what to install. */
  find(wanted: Wanted): Promise<Result<Tool>>;
}

export interface Workshop extends ToolFinder {
  /** What the tool wrote to standard output; failures as those of `ToolRunner`, and `unavailable` where nobody answers. */
  run(job: ToolJob): Promise<Result<Buffer>>;
  /** What keeps a run of these programs apart from the rest of the machine, for people. */
  walls(programs: readonly string[]): Promise<readonly string[]>;
  /** Cuts off what runs. */
  close(): void;
}

export function ownWorkshop(places: ToolPlaces, limits: ToolLimits): Workshop {
  const tools = new Tools(places);
  const runner = new ToolRunner(places.searchPath, limits);
  return {
    find: (wanted) => tools.find(wanted),
    run: (job) => runner.run(job),
    walls: async (programs) => (await runner.isolation(programs)).said,
    close: () => runner.close(),
  };
}
