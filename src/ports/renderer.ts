import type { Result } from "../model/failure.ts";
import type { KubernetesObject } from "../model/resource.ts";
import type { Snapshot } from "../model/repository.ts";

/** One object of an app with the place in Git that says so. */
export interface RenderedObject {
  readonly object: KubernetesObject;
  readonly file: string;
  /** 1-based line at which the object's document begins. */
  readonly line: number;
}

export interface Rendering {
  readonly objects: readonly RenderedObject[];
  /** Every file that was read. */
  readonly inputs: readonly string[];
}

/** Turns a folder of a commit into Kubernetes objects, without credentials and without leaving the commit. */
export interface Renderer {
  /**
   * `malformed` or `unsupported` names file and line: broken YAML, an object without kind or name, SOPS ciphertext,
   * template syntax, a file over the limits, a symbolic link. A folder without objects is an empty rendering.
   */
  render(snapshot: Snapshot, path: string): Promise<Result<Rendering>>;
}
