/** Which plain scalars are not text to every YAML parser that a manifest may meet. */

/**
 * The union of what YAML 1.1, YAML 1.2, go-yaml as Kubernetes uses it, and PyYAML make of a plain scalar: a number to one of
 * them is a wrong tag to somebody. https://yaml.org/type/ and https://github.com/kubernetes-sigs/yaml
 */
const notText: readonly RegExp[] = [
  /^(?:y|yes|n|no|on|off|true|false|null|~|)$/i,
  /^[-+]?[0-9][0-9_]*$/,
  /^[-+]?0x[0-9a-f_]+$/i,
  /^[-+]?0o[0-7_]+$/i,
  /^[-+]?0b[01_]+$/i,
  /^[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:e[-+]?[0-9]+)?$/i,
  /^[-+]?\.(?:inf|nan)$/i,
  /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/,
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?$/,
  /^(?:=|<<)$/,
];

/** Whether a text has to stand in quotes to stay text. */
export function needsQuotes(text: string): boolean {
  return notText.some((pattern) => pattern.test(text));
}
