/** Label selectors, as Kubernetes has them. https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */

import { type Cursor, childOf, itemsOf, ownEntries, textAt, textOf } from "./cursor.ts";

export type Labels = Readonly<Record<string, string>>;

/** Whether something with these labels is selected. */
export type Selects = (labels: Labels) => boolean;

/** Of a selector with `matchLabels` and `matchExpressions`, which must all hold; an empty one selects everything. */
export function readSelector(selector: Cursor): Selects {
  const wanted = Object.entries(labelsAt(selector, "matchLabels"));
  const list = childOf(selector, "matchExpressions");
  const expressions = (list === null ? [] : itemsOf(list)).map(readExpression);
  return (labels) =>
    wanted.every(([key, value]) => labels[key] === value) && expressions.every((holds) => holds(labels));
}

export function labelsAt(cursor: Cursor, key: string): Labels {
  const map = childOf(cursor, key);
  const entries = map === null ? [] : ownEntries(map);
  return Object.fromEntries(entries.map(([label, value]) => [label, textOf(value) ?? ""]));
}

/** One with an operator that is none selects nothing. */
function readExpression(expression: Cursor): Selects {
  const key = textAt(expression, "key");
  const list = childOf(expression, "values");
  const values = new Set((list === null ? [] : itemsOf(list)).map((item) => textOf(item) ?? ""));
  const tests: Readonly<Record<string, Selects>> = {
    In: (labels) => Object.hasOwn(labels, key) && values.has(labels[key] ?? ""),
    NotIn: (labels) => !Object.hasOwn(labels, key) || !values.has(labels[key] ?? ""),
    Exists: (labels) => Object.hasOwn(labels, key),
    DoesNotExist: (labels) => !Object.hasOwn(labels, key),
  };
  const operator = textAt(expression, "operator");
  return (Object.hasOwn(tests, operator) ? tests[operator] : undefined) ?? (() => false);
}

/** Of a selector as kubectl takes it, `a=b,c!=d,e in (f,g),!h`; an empty one selects everything. What is none selects nothing. */
export function parseSelector(text: string): Selects {
  const terms = text.split(/,(?![^(]*\))/).flatMap((term) => term.trim() || []);
  const tests = terms.map(parseTerm);
  return (labels) => tests.every((holds) => holds(labels));
}

function parseTerm(term: string): Selects {
  const found = /^(!?)([\w./-]+)\s*(?:(==?|!=)\s*([\w.-]*)|(in|notin)\s*\(([^()]*)\))?$/.exec(term);
  if (found === null) return () => false;
  const [, not, key = "", sign, value, word, list = ""] = found;
  if (sign === undefined && word === undefined)
    return (labels) => Object.hasOwn(labels, key) === (not === "");
  const values = new Set(word === undefined ? [value] : list.split(",").map((one) => one.trim()));
  const isIn: Selects = (labels) => Object.hasOwn(labels, key) && values.has(labels[key] ?? "");
  return sign === "!=" || word === "notin" ? (labels) => !isIn(labels) : isIn;
}
