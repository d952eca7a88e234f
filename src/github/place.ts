/** What every part of the adapter is given: a client for one repository and who we are. */

import type { Octokit } from "@octokit/core";
import type { Result } from "../model/failure.ts";
import type { Person } from "../model/pull.ts";

export interface Place {
  readonly octokit: Octokit;
  /** The parameters `owner` and `repo` of every route. */
  readonly at: { readonly owner: string; readonly repo: string };
  readonly repositoryId: number;
  readonly appId: number;
  readonly self: () => Promise<Result<Person>>;
  /** Gets an archive as a stream; our token goes along only within GitHub's own origin. */
  readonly download: (url: URL) => Promise<Response>;
}
