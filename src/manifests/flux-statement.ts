/** What the marker of Flux's image automation behind a value says of it. */

import type { Occurrence, Statement } from "../model/update.ts";
import { fullName } from "./full-name.ts";
import { type FluxImages, type FluxPolicy, isSameNamespace } from "./flux-policies.ts";

/** https://fluxcd.io/flux/components/image/imageupdateautomations/#configure-image-update-for-custom-resources */
export interface FluxMarker {
  readonly namespace: string;
  readonly policy: string;
  /** Which part of the image the value is; `image` is all of it. */
  readonly part: "image" | "name" | "tag" | "digest";
}

const setting = /^([^:]+):([^:]+)(?::(name|tag|digest))?$/;

/** Reads a comment without its `#`; null for any other, also where words follow the marker, as Flux does not see it then. */
export function readMarker(comment: string): FluxMarker | null {
  if (!comment.includes('"$imagepolicy"') || comment.length > 1000) return null;
  const found = setting.exec(markerText(comment));
  if (found === null) return null;
  const [, namespace = "", policy = "", part = "image"] = found;
  return { namespace, policy, part: part as FluxMarker["part"] };
}

function markerText(comment: string): string {
  try {
    const value = (JSON.parse(comment) as Record<string, unknown>)["$imagepolicy"];
    return typeof value === "string" ? value : "";
  } catch {
    return "";
  }
}

/** The policy of a marker. Two that only their namespaces would tell apart, and do not, are none. */
export function policyOf(
  { policy, namespace }: FluxMarker,
  { policies }: FluxImages,
): FluxPolicy | undefined {
  const named = policies.filter((one) => one.name === policy && isSameNamespace(one.namespace, namespace));
  const exact = named.find((one) => one.namespace === namespace);
  return exact ?? (named.length === 1 ? named[0] : undefined);
}

/** Of an image in a file with that text. The setting `marker` tells which parts of the image are marked. */
export function fluxStatement(
  marker: FluxMarker,
  images: FluxImages,
  { occurrence, text }: { readonly occurrence: Occurrence; readonly text: string },
): Statement {
  const { file, image } = occurrence;
  const name = `ImagePolicy ${marker.namespace}/${marker.policy}`;
  const policy = policyOf(marker, images);
  const problem =
    policy === undefined
      ? "is not in this repository"
      : (problemOf(policy, image) ?? automationProblem({ marker, policy, file }, images));
  const settings = { ...policy?.settings, marker: markedParts(marker, occurrence, text) };
  return { tool: "flux", name, settings, ...(problem === null ? {} : { problem }) };
}

/** Beside a marked tag the digest may have a marker of its own. */
function markedParts({ part, namespace, policy }: FluxMarker, { edits }: Occurrence, text: string): string {
  const apart = edits?.some(({ role }) => role === "digest" || role === "hex") === true;
  const marked = part === "tag" && apart && text.includes(`"${namespace}:${policy}:digest"`);
  return marked ? "tag,digest" : part;
}

function problemOf(policy: FluxPolicy, image: string): string | null {
  if (policy.suspended) return "is suspended, or its ImageRepository is";
  if (policy.image === null || fullName(policy.image) === fullName(image)) return null;
  return "is about another image";
}

interface Marked {
  readonly marker: FluxMarker;
  readonly policy: FluxPolicy;
  readonly file: string;
}

/** Without any automation of the namespace here, it is taken to stand elsewhere. */
function automationProblem({ marker, policy, file }: Marked, { automations }: FluxImages): string | null {
  const near = automations.filter((one) => isSameNamespace(one.namespace, marker.namespace));
  if (near.length === 0) return null;
  const own = near.filter(({ selects }) => selects(policy.labels));
  if (own.length === 0) return "is selected by no ImageUpdateAutomation";
  const covering = own.filter(({ path }) => path === "." || file.startsWith(`${path}/`));
  if (covering.length === 0) return "is not for this file: no ImageUpdateAutomation updates its folder";
  return covering.every(({ suspended }) => suspended)
    ? "waits: its ImageUpdateAutomation is suspended"
    : null;
}
