/** A plain client of the OCI distribution protocol that shares no code with ours: pushes, and reads answers as they are. */

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

export const indexType = "application/vnd.oci.image.index.v1+json";
export const imageType = "application/vnd.oci.image.manifest.v1+json";

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** What an image says of itself: in its index, in the manifest of each platform, in the config of each. */
export interface Said {
  readonly index?: Readonly<Record<string, string>>;
  readonly manifest?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface RequestOptions {
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array;
}

export class RegistryClient {
  readonly #url: string;
  readonly #basic: string | undefined;

  constructor(url: string, login?: { readonly username: string; readonly password: string }) {
    this.#url = url;
    this.#basic =
      login === undefined
        ? undefined
        : `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;
  }

  /** Sends a request and, where the registry asks for a token, once more with one. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const first = await this.#send(method, path, options);
    const challenge = first.headers.get("www-authenticate");
    if (first.status !== 401 || challenge === null) return first;
    await first.arrayBuffer();
    const value = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? "";
    const query = new URLSearchParams({ service: value("service"), scope: value("scope") });
    const answer = await fetch(`${value("realm")}?${query.toString()}`, {
      headers: this.#basic === undefined ? {} : { authorization: this.#basic },
    });
    if (answer.status !== 200) return answer;
    const { token } = (await answer.json()) as { token: string };
    const headers = { ...options.headers, authorization: `Bearer ${token}` };
    return this.#send(method, path, { ...options, headers });
  }

  #send(method: string, path: string, { body, headers = {} }: RequestOptions): Promise<Response> {
    const whole = body === undefined ? {} : { body: new Uint8Array(body) };
    return fetch(new URL(path, this.#url), { method, headers, ...whole });
  }

  async pushBlob(repository: string, bytes: Uint8Array): Promise<{ digest: string; size: number }> {
    const begun = await this.request("POST", `/v2/${repository}/blobs/uploads/`);
    const place = new URL(begun.headers.get("location") ?? "", this.#url);
    place.searchParams.set("digest", sha256(bytes));
    const headers = { "content-type": "application/octet-stream" };
    const done = await this.request("PUT", place.href, { headers, body: bytes });
    if (done.status !== 201) throw new Error(`blob was not taken: ${done.status} ${await done.text()}`);
    return { digest: sha256(bytes), size: bytes.length };
  }

  pushManifest(repository: string, reference: string, mediaType: string, value: object): Promise<Response> {
    const body = Buffer.from(JSON.stringify(value));
    const headers = { "content-type": mediaType };
    return this.request("PUT", `/v2/${repository}/manifests/${reference}`, { headers, body });
  }

  /** Pushes an index over one image per platform; returns the digest of the index. */
  async pushImage(
    repository: string,
    tag: string,
    platforms: readonly string[],
    said: Said = {},
  ): Promise<string> {
    const manifests = [];
    for (const platform of platforms) {
      const image = {
        ...(await this.#imageFor(repository, tag, platform, said)),
        annotations: said.manifest,
      };
      const bytes = Buffer.from(JSON.stringify(image));
      await expectCreated(await this.pushManifest(repository, sha256(bytes), imageType, image));
      const [os, architecture] = platform.split("/");
      const digest = sha256(bytes);
      manifests.push({ mediaType: imageType, digest, size: bytes.length, platform: { os, architecture } });
    }
    const index = { schemaVersion: 2, mediaType: indexType, manifests, annotations: said.index };
    const answer = await expectCreated(await this.pushManifest(repository, tag, indexType, index));
    return answer.headers.get("docker-content-digest") ?? "";
  }

  async #imageFor(repository: string, tag: string, platform: string, { labels }: Said): Promise<object> {
    const [os, architecture] = platform.split("/");
    const config = { os, architecture, config: { Labels: labels }, rootfs: { type: "layers", diff_ids: [] } };
    const layer = gzipSync(`${repository}:${tag} ${platform}`);
    return {
      schemaVersion: 2,
      mediaType: imageType,
      config: {
        mediaType: "application/vnd.oci.image.config.v1+json",
        ...(await this.pushBlob(repository, Buffer.from(JSON.stringify(config)))),
      },
      layers: [
        {
          mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
          ...(await this.pushBlob(repository, layer)),
        },
      ],
    };
  }
}

async function expectCreated(answer: Response): Promise<Response> {
  if (answer.status !== 201)
    throw new Error(`manifest was not taken: ${answer.status} ${await answer.text()}`);
  return answer;
}
