/** Finds the described operation that a request means. */
import type { Content, Description, Operation, Parameter } from "./description.ts";
import { describedPath } from "./deviations.ts";

export interface FoundOperation {
  readonly template: string;
  readonly operation: Operation;
}

/** Follows a reference of the document to one of its components. */
export function resolve<T extends object>(
  item: T | { readonly $ref: string },
  description: Description,
): T & Content {
  if (!("$ref" in item)) return item;
  const [, , section = "", name = ""] = item.$ref.split("/");
  return description.components[section]?.[name] as unknown as T & Content;
}

export function parametersOf(operation: Operation, description: Description): Parameter[] {
  return (operation.parameters ?? []).map((item) => resolve(item, description) as Parameter);
}

/** Takes method and path as sent; literal segments win over parameters, and only marked parameters may hold slashes. */
export function operationFinder(
  description: Description,
): (method: string, path: string) => FoundOperation | null {
  const routes = Object.entries(description.paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method,
      found: { template, operation },
      pattern: patternOf(template, parametersOf(operation, description)),
      parameters: template.split("{").length,
    })),
  );
  routes.sort((a, b) => a.parameters - b.parameters || b.found.template.length - a.found.template.length);
  return (method, path) => {
    const wanted = describedPath(path);
    const route = routes.find((one) => one.method === method.toLowerCase() && one.pattern.test(wanted));
    return route?.found ?? null;
  };
}

function patternOf(template: string, parameters: readonly Parameter[]): RegExp {
  const many = parameters.filter((item) => item["x-multi-segment"] === true).map((item) => item.name);
  const source = template
    .replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\{([^}]+)\}/g, (_, name: string) => (many.includes(name) ? ".*" : "[^/]+"));
  return new RegExp(`^${source}$`);
}
