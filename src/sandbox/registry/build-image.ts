/** Makes a small but real image: an index over one manifest per platform, each with a config and one layer. */

import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { type Storage, digestOf, putBlob, putManifest } from "./storage.ts";

/** What can be said of an image that is pushed; everything has a default. */
export interface ImageOptions {
  /** As `os/architecture[/variant]`; default: linux/amd64 and linux/arm64. */
  readonly platforms?: readonly string[];
  /** When the image says it was built; default: now. */
  readonly created?: Date;
  /** Labels of the image's config. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of its index. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Stores the image under its digests and returns the digest of its index. */
export async function buildImage(
  storage: Storage,
  repository: string,
  tag: string,
  {
    platforms = ["linux/amd64", "linux/arm64"],
    created = new Date(),
    labels = {},
    annotations,
  }: ImageOptions,
): Promise<string> {
  const manifests = [];
  for (const platform of platforms) {
    const [os, architecture, variant] = platform.split("/");
    const layer = await layerOf(`${repository}:${tag} for ${platform}\n`);
    const config = {
      created: created.toISOString(),
      os,
      architecture,
      ...(variant === undefined ? {} : { variant }),
      config: { Labels: labels },
      rootfs: { type: "layers", diff_ids: [layer.diffId] },
      history: [{ created: created.toISOString(), created_by: "lockkeeper sandbox" }],
    };
    const body = json({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: descriptor(storage, repository, "application/vnd.oci.image.config.v1+json", json(config)),
      layers: [descriptor(storage, repository, "application/vnd.oci.image.layer.v1.tar+gzip", layer.bytes)],
    });
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const digest = putManifest(storage, repository, { mediaType, body });
    const place = { os, architecture, ...(variant === undefined ? {} : { variant }) };
    manifests.push({ mediaType, digest, size: body.length, platform: place });
  }
  const mediaType = "application/vnd.oci.image.index.v1+json";
  return putManifest(storage, repository, {
    mediaType,
    body: json({ schemaVersion: 2, mediaType, manifests, annotations }),
  });
}

function descriptor(storage: Storage, repository: string, mediaType: string, bytes: Buffer): object {
  return { mediaType, digest: putBlob(storage, repository, bytes), size: bytes.length };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** A layer with one text file; its diff id is the digest of the archive before compression. */
async function layerOf(text: string): Promise<{ readonly bytes: Buffer; readonly diffId: string }> {
  const archive = pack();
  archive.entry({ name: "etc/sandbox-image", mtime: new Date(0) }, text);
  archive.finalize();
  const tar = await buffer(archive);
  return { bytes: gzipSync(tar), diffId: digestOf(tar) };
}
