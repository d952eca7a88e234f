/** Machine configuration of Talos, which has no kind. https://www.talos.dev/latest/reference/configuration/v1alpha1/config/ */

import { textAt } from "./cursor.ts";
import { placesOf, valuesAt } from "./kind-places.ts";
import type { Shape } from "./shape.ts";

/** As in `KindPaths`. */
const paths: readonly string[] = [
  "machine.install.image",
  "machine.kubelet.image",
  "cluster.apiServer.image",
  "cluster.controllerManager.image",
  "cluster.scheduler.image",
  "cluster.proxy.image",
  "cluster.etcd.image",
];

export const talos: Shape = (object) =>
  textAt(object, "kind") === "" ? paths.flatMap((path) => valuesAt(object, path)).flatMap(placesOf) : [];
