/** How the registries of the internet answer, as their makers document it or as clients have found it. */

import { type WireAnswer, type WireRequest } from "./wire.ts";

/** One registry, with a repository that has the tags 1.0.0 and 1.1.0. */
export interface WellKnownHost {
  readonly name: string;
  readonly host: string;
  readonly repository: string;
  /** Where tokens are had, and for which service; absent: Basic credentials at the registry itself, or none. */
  readonly tokens?: { readonly realm: string; readonly service: string };
  /** Absent: everyone may read. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** The Link of the first page to the second; absent: one page whatever is asked for. */
  readonly link?: string;
  /** What the body has beside the tags. */
  readonly beside?: object;
  /** The `n` that it is asked for first. */
  readonly pageSize?: number;
  /** How it answers for a repository that is not there, or that we may not see; the token service may be who refuses. */
  readonly missing: { readonly status: number; readonly by?: "tokens"; readonly code: string };
}

const robot = { username: "robot", password: "s3cret" };
export const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

/** What Google's registries say of each image, in the same answer. */
const google = {
  child: ["nested"],
  manifest: {
    [`sha256:${"a".repeat(64)}`]: {
      imageSizeBytes: "3158016",
      layerId: "",
      mediaType: "application/vnd.docker.distribution.manifest.v2+json",
      tag: ["1.0.0", "1.1.0"],
      timeCreatedMs: "1771000000000",
      timeUploadedMs: "1771000001000",
    },
  },
  name: "project/acme/web",
};

export const wellKnownHosts: readonly WellKnownHost[] = [
  {
    name: "Docker Hub",
    host: "docker.io",
    repository: "library/nginx",
    tokens: { realm: "https://auth.docker.io/token", service: "registry.docker.io" },
    credentials: robot,
    link: '</v2/library/nginx/tags/list?last=1.0.0&n=1000>; rel="next"',
    missing: { status: 401, code: "unauthorized" },
  },
  {
    name: "GitHub's registry",
    host: "ghcr.io",
    repository: "acme/web",
    tokens: { realm: "https://ghcr.io/token", service: "ghcr.io" },
    credentials: robot,
    link: '</v2/acme/web/tags/list?last=1.0.0&n=1000>; rel="next"',
    missing: { status: 403, by: "tokens", code: "forbidden" },
  },
  {
    name: "Quay",
    host: "quay.io",
    repository: "acme/web",
    tokens: { realm: "https://quay.io/v2/auth", service: "quay.io" },
    credentials: { username: "acme+robot", password: "s3cret" },
    link: '</v2/acme/web/tags/list?n=100&next_page=gAAAAABm_x%3D%3D>; rel="next"',
    pageSize: 100,
    missing: { status: 401, code: "unauthorized" },
  },
  {
    name: "ECR",
    host: ecr,
    repository: "acme/web",
    credentials: { username: "AWS", password: "a-long-token" },
    link: `<https://${ecr}/v2/acme/web/tags/list?n=1000&last=bmV4dC10b2tlbg%3D%3D>; rel="next"`,
    missing: { status: 404, code: "not-found" },
  },
  {
    name: "Artifact Registry",
    host: "europe-docker.pkg.dev",
    repository: "project/acme/web",
    tokens: { realm: "https://europe-docker.pkg.dev/v2/token", service: "europe-docker.pkg.dev" },
    credentials: { username: "oauth2accesstoken", password: "ya29.x" },
    link: '<https://europe-docker.pkg.dev/v2/project/acme/web/tags/list?n=1000&last=1.0.0>; rel="next"',
    beside: google,
    missing: { status: 403, code: "forbidden" },
  },
  {
    name: "Container Registry",
    host: "eu.gcr.io",
    repository: "project/web",
    tokens: { realm: "https://eu.gcr.io/v2/token", service: "eu.gcr.io" },
    credentials: { username: "_json_key", password: '{"type":"service_account"}' },
    beside: google,
    missing: { status: 404, code: "not-found" },
  },
  {
    name: "ACR",
    host: "acme.azurecr.io",
    repository: "web",
    tokens: { realm: "https://acme.azurecr.io/oauth2/token", service: "acme.azurecr.io" },
    credentials: { username: "00000000-0000-0000-0000-000000000000", password: "a-refresh-token" },
    link: '</v2/web/tags/list?last=1.0.0&n=1000&orderby=>; rel="next"',
    beside: { registry: "acme.azurecr.io", imageName: "web" },
    missing: { status: 401, code: "unauthorized" },
  },
  {
    name: "Harbor",
    host: "harbor.example.com:8443",
    repository: "library/web",
    tokens: { realm: "https://harbor.example.com:8443/service/token", service: "harbor-registry" },
    credentials: { username: "robot$ci", password: "s3cret" },
    link: '</v2/library/web/tags/list?n=1000&last=1.0.0>; rel="next"',
    missing: { status: 404, code: "not-found" },
  },
  {
    name: "GitLab",
    host: "registry.gitlab.com",
    repository: "acme/group/web",
    tokens: { realm: "https://gitlab.com/jwt/auth", service: "container_registry" },
    credentials: { username: "deploy-token", password: "gldt-x" },
    link: "<https://registry.gitlab.com/v2/acme/group/web/tags/list?n=1000&last=1.0.0>; rel=next",
    missing: { status: 403, by: "tokens", code: "forbidden" },
  },
  {
    name: "a GitLab of one's own",
    host: "registry.git.example.co.uk:5050",
    repository: "acme/web",
    tokens: { realm: "https://gitlab.example.co.uk/jwt/auth", service: "container_registry" },
    credentials: robot,
    link: '<https://registry.git.example.co.uk:5050/v2/acme/web/tags/list?n=1000&last=1.0.0>; rel="next"',
    missing: { status: 401, by: "tokens", code: "unauthorized" },
  },
  {
    name: "plain distribution",
    host: "registry.example.com:5000",
    repository: "web",
    missing: { status: 404, code: "not-found" },
  },
];

export const missing = "acme/missing";

const refusals: Readonly<Record<number, string>> = {
  401: "UNAUTHORIZED",
  403: "DENIED",
  404: "NAME_UNKNOWN",
};

function refuse(status: number, headers: Record<string, string> = {}): WireAnswer {
  return { status, headers, body: JSON.stringify({ errors: [{ code: refusals[status], message: "no" }] }) };
}

/** Answers for this host and its token service, and only to who shows what it wants to see. */
export function answerAs(host: WellKnownHost): (request: WireRequest) => WireAnswer {
  const { credentials, tokens } = host;
  const basic = credentials === undefined ? undefined : basicOf(credentials);
  return (request) => {
    const { authorization, url } = request;
    if (tokens !== undefined && url.href.startsWith(tokens.realm)) return issue(host, request);
    if (authorization !== (tokens === undefined ? basic : "Bearer a-token")) {
      const bearer = `Bearer realm="${tokens?.realm}",service="${tokens?.service}",scope="repository:x:pull"`;
      const challenge = tokens === undefined ? `Basic realm="https://${host.host}/",service="it"` : bearer;
      return refuse(401, { "www-authenticate": challenge });
    }
    if (!url.pathname.endsWith("/tags/list")) return { status: 200, body: "{}" };
    return url.pathname === `/v2/${host.repository}/tags/list`
      ? list(host, url)
      : refuse(host.missing.status);
  };
}

function issue(
  { credentials, missing: absent, repository, tokens }: WellKnownHost,
  { authorization, url }: WireRequest,
): WireAnswer {
  const right = credentials !== undefined && authorization === basicOf(credentials);
  const meant = url.searchParams.get("service") === tokens?.service;
  if (!right || !meant) return refuse(401);
  const wanted = url.searchParams.get("scope");
  if (absent.by === "tokens" && wanted === `repository:${missing}:pull`) return refuse(absent.status);
  const known = wanted === `repository:${repository}:pull` || wanted === `repository:${missing}:pull`;
  return known ? { status: 200, body: '{"token":"a-token","expires_in":300}' } : refuse(401);
}

/** The second page for exactly the address of the Link. */
function list({ beside, link }: WellKnownHost, url: URL): WireAnswer {
  const page = (tags: readonly string[]): string => JSON.stringify({ ...beside, tags });
  if (link === undefined) return { status: 200, body: page(["1.0.0", "1.1.0"]) };
  const target = new URL(/<(.*)>/.exec(link)?.[1] ?? "", url);
  if (url.href === target.href) return { status: 200, body: page(["1.1.0"]) };
  return { status: 200, headers: { link }, body: page(["1.0.0"]) };
}

function basicOf({ password, username }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
