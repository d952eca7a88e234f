/** The labels that GitHub gives to every new repository. */

import type { Label } from "./state.ts";

const defaults: readonly (readonly [name: string, color: string, description: string])[] = [
  ["bug", "d73a4a", "Something isn't working"],
  ["documentation", "0075ca", "Improvements or additions to documentation"],
  ["duplicate", "cfd3d7", "This issue or pull request already exists"],
  ["enhancement", "a2eeef", "New feature or request"],
  ["good first issue", "7057ff", "Good for newcomers"],
  ["help wanted", "008672", "Extra attention is needed"],
  ["invalid", "e4e669", "This doesn't seem right"],
  ["question", "d876e3", "Further information is requested"],
  ["wontfix", "ffffff", "This will not be worked on"],
];

export function defaultLabels(nextId: () => number): Label[] {
  return defaults.map(([name, color, description]) => ({
    id: nextId(),
    name,
    color,
    description,
    default: true,
  }));
}
