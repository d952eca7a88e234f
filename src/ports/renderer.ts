import type { App } from "../model/app.ts";
import type { Result } from "../model/failure.ts";
import type { KubernetesObject } from "../model/resource.ts";
import type { Snapshot } from "../model/repository.ts";

/** One object of an app with the place in Git that says so. */
export interface RenderedObject {
  readonly object: KubernetesObject;
  /** Where a tool made the object, the file that it came from. */
  readonly file: string;
  /** 1-based line at which the object's document begins; 1 where a tool made it of a file and nobody knows where in it. */
  readonly line: number;
}

export interface Rendering {
  readonly objects: readonly RenderedObject[];
  /** Every file that was read. */
  readonly inputs: readonly string[];
}

/** The folder, and what its chart is told of where it runs. */
export type RenderedApp = Pick<App, "path"> & Partial<Pick<App, "name" | "namespace" | "helm">>;

/** Turns a folder of a commit into Kubernetes objects, without credentials and without leaving the commit. */
export interface Renderer {
  /**
   * What the folder holds tells how: a kustomization, a chart, or plain manifests. `malformed` or `unsupported` names file and
   * line: broken YAML, an object without kind or name, SOPS ciphertext, template syntax, a file over the limits, a symbolic
   * link, anything remote. `timeout` and `too-large`: it was cut off. A folder without objects is an empty rendering.
   */
  render(snapshot: Snapshot, app: RenderedApp): Promise<Result<Rendering>>;
}
