/** The kubeconfig through which everybody reaches the sandbox's cluster. */

/** How to reach an API server as its administrator. */
export interface Access {
  readonly url: string;
  readonly token: string;
  /** PEM of the certificate authority. */
  readonly authority: string;
}

/** The text of a kubeconfig with one context, `sandbox`. JSON is YAML. */
export function kubeconfigText(access: Access): string {
  const authority = Buffer.from(access.authority).toString("base64");
  const cluster = { server: access.url, "certificate-authority-data": authority };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "sandbox", cluster }],
    users: [{ name: "admin", user: { token: access.token } }],
    contexts: [{ name: "sandbox", context: { cluster: "sandbox", user: "admin" } }],
    "current-context": "sandbox",
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
