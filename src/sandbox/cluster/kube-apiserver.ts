/** A real API server with its etcd, and the controller manager where there is one, on loopback and in a folder of its own. */

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../free-port.ts";
import type { ApiServer } from "./api-server.ts";
import { isProgram } from "./cluster-assets.ts";
import { openAdminApi } from "./admin-api.ts";
import { type Access, kubeconfigText } from "./kubeconfig.ts";
import { type Launched, launch } from "./launch.ts";

const readyWithinMilliseconds = 60_000;
const pollMilliseconds = 100;
const controllers = [
  "deployment,replicaset,statefulset,daemonset,job,cronjob",
  "namespace,garbagecollector,serviceaccount,disruption",
].join(",");

/** Starts what the folder `assets` holds; rejects with the tail of the log where that does not become ready. */
export async function startApiServer(assets: string, directory: string): Promise<ApiServer> {
  const running: Launched[] = [];
  const stop = async () => {
    for (const program of running.toReversed()) await program.stop();
  };
  try {
    const etcd = await startEtcd(assets, directory, running);
    const { access, restart } = await startServer({ assets, directory, etcd, running });
    const manager = join(assets, "kube-controller-manager");
    const hasManager = isProgram(manager);
    const api = openAdminApi(access);
    const version = serverVersion((await api.call("GET", "/version")).body);
    if (hasManager) running.push(await startManager({ program: manager, directory, access, version }));
    return {
      access,
      api,
      version,
      controllers: hasManager,
      restart,
      stop: async () => {
        await api.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startEtcd(assets: string, directory: string, running: Launched[]): Promise<string> {
  const client = `http://127.0.0.1:${await freePort()}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  const flags = [
    `--data-dir=${join(directory, "etcd")}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data lives as long as the process, so nothing is gained by waiting for the disk.
    "--unsafe-no-fsync",
    "--log-level=error",
  ];
  const etcd = launch(join(assets, "etcd"), flags);
  running.push(etcd);
  await until("etcd", etcd, async () => (await fetch(`${client}/health`)).ok);
  return client;
}

interface ServerPlace {
  readonly assets: string;
  readonly directory: string;
  readonly etcd: string;
  readonly running: Launched[];
}

interface StartedServer {
  readonly access: Access;
  /** Kills it and starts it again on what etcd has. */
  readonly restart: () => Promise<void>;
}

async function startServer({ assets, directory, etcd, running }: ServerPlace): Promise<StartedServer> {
  const port = await freePort();
  const token = randomBytes(24).toString("hex");
  const keys = join(directory, "service-account.key");
  const tokens = join(directory, "tokens.csv");
  await writeFile(keys, privateKey(), { mode: 0o600 });
  await writeFile(tokens, `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const flags = [
    `--etcd-servers=${etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${join(directory, "certificates")}`,
    `--token-auth-file=${tokens}`,
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.0.0.0/24",
    "--service-account-issuer=https://sandbox.invalid",
    `--service-account-key-file=${keys}`,
    `--service-account-signing-key-file=${keys}`,
    // No kubelet mounts a token, so a pod must not need one.
    "--disable-admission-plugins=ServiceAccount",
    "--allow-privileged=true",
  ];
  const url = `https://127.0.0.1:${port}`;
  const certificate = join(directory, "certificates", "apiserver.crt");
  const begin = async (): Promise<Launched> => {
    const server = launch(join(assets, "kube-apiserver"), flags);
    running.push(server);
    await until("kube-apiserver", server, async () => {
      const api = openAdminApi({ url, token, authority: await readFile(certificate, "utf8") });
      try {
        return (await api.call("GET", "/readyz")).status === 200;
      } finally {
        await api.close();
      }
    });
    return server;
  };
  let server = await begin();
  return {
    access: { url, token, authority: await readFile(certificate, "utf8") },
    restart: async () => {
      await server.stop();
      server = await begin();
    },
  };
}

interface ManagerPlace {
  readonly program: string;
  readonly directory: string;
  readonly access: Access;
  readonly version: string;
}

async function startManager({ program, directory, access, version }: ManagerPlace): Promise<Launched> {
  const kubeconfig = join(directory, "controller-manager.kubeconfig");
  await writeFile(kubeconfig, kubeconfigText(access), { mode: 0o600 });
  // Up to 1.23 there is a second port, open to the world unless it is switched off; 1.24 does not know the flag.
  const insecurePort = Number(version.split(".")[1]) < 24 ? ["--port=0"] : [];
  return launch(program, [
    ...insecurePort,
    `--kubeconfig=${kubeconfig}`,
    `--controllers=${controllers}`,
    "--leader-elect=false",
    "--bind-address=127.0.0.1",
    `--secure-port=${await freePort()}`,
    `--cert-dir=${join(directory, "certificates-manager")}`,
    "--kube-api-qps=200",
    "--kube-api-burst=400",
  ]);
}

function serverVersion(body: unknown): string {
  return (body as { gitVersion: string }).gitVersion;
}

function privateKey(): string {
  const { privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Waits until `ready` says so; a program that ended or a deadline that passed is an error with the end of its log. */
async function until(name: string, program: Launched, ready: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + readyWithinMilliseconds;
  while (Date.now() < deadline && program.ended() === undefined) {
    if (await ready().catch(() => false)) return;
    await pause(pollMilliseconds);
  }
  const why = program.ended() ?? `${name} was not ready within ${readyWithinMilliseconds / 1000} s`;
  throw new Error(`${why}; its last words:\n${program.tail()}`);
}
