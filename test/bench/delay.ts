/** A road that is longer than it is: what goes through waits a while in each direction, as over a network. */

import { once } from "node:events";
import { type AddressInfo, type Socket, connect, createServer } from "node:net";

/** Delays every byte to a port of this machine, and back, by so many milliseconds each way. */
export async function startDelay(port: number, ms: number): Promise<{ port: number; stop(): Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port, host: "127.0.0.1", noDelay: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on("data", (bytes) => setTimeout(() => to.writable && to.write(bytes), ms));
      from.on("end", () => setTimeout(() => to.end(), ms));
      from.on("error", () => to.destroy());
      from.on("close", () => open.delete(from));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
