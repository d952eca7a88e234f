/** What people mean by the names of folders in a repository of manifests. */

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const environments = words(
  "prod production prd live staging stage stg preprod preproduction pre-production uat qa acceptance integration dev develop development test testing sandbox demo canary nonprod non-prod",
);

const environmentHolders = words("overlays environments envs clusters stages");

const appHolders = words("apps applications services releases workloads");

const shared = words(
  "base bases component components template templates chart charts common shared lib library",
);

/** `test` alone is an environment as well, so that it stands elsewhere. */
const aside = words(
  "tests testdata e2e example examples sample samples doc docs hack vendor third_party node_modules fixtures",
);

const details = words("patches patch resources manifests config configs deployments workloads values");

/** `production`, whatever its case. */
export function isEnvironment(name: string): boolean {
  return environments.has(name.toLowerCase());
}

/** `eu-prod` or `production_1`: one of its words is an environment. */
export function namesEnvironment(name: string): boolean {
  return isEnvironment(name) || name.split(/[-_.]/).some(isEnvironment);
}

/** Whether what lies in a folder of this name are environments, whatever they are called. */
export function holdsEnvironments(name: string): boolean {
  return environmentHolders.has(name.toLowerCase());
}

/** Whether what lies in a folder of this name are apps. */
export function holdsApps(name: string): boolean {
  return appHolders.has(name.toLowerCase());
}

/** A folder that others build on: what is said in it is said to all of them. */
export function isShared(name: string): boolean {
  return shared.has(name.toLowerCase());
}

/** A folder that no cluster runs: tests, examples, settings of tools. */
export function isAside(name: string): boolean {
  return name.startsWith(".") || aside.has(name.toLowerCase());
}

/** A folder that only sorts the files of a kustomization. */
export function isDetail(name: string): boolean {
  return details.has(name.toLowerCase());
}
