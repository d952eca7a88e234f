/** Makes the pictures of docs/pictures: what people see on GitHub, from texts that the real flows wrote on the sandbox. */

import { shootAll } from "./shoot.ts";
import { offer, proposal } from "./scan-pictures.ts";
import { drifted, planned } from "./rollout-pictures.ts";

for (const scene of [proposal, offer, planned, drifted]) {
  const { shown, names, ...rest } = await scene();
  await shootAll(shown, names);
  await rest.stop();
}
process.exit();
