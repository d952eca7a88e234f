/** Turns the Authorization header of a call into the actor behind it, or refuses it. */

import { verify } from "node:crypto";
import type { Actor } from "./actor.ts";
import { ApiError } from "./api-error.ts";
import type { App } from "./state.ts";
import type { Store } from "./store.ts";

/** GitHub takes App tokens that live at most ten minutes. */
const longestLife = 600;
/** Clocks that run ahead are forgiven this much, in seconds. */
const skew = 60;

/** `Bearer x`, `token x` and Basic with the token as password, as git sends it. */
export function authenticate(store: Store, header: string | undefined): Actor {
  if (header === undefined || header === "") return { kind: "anonymous" };
  const [scheme = "", value = ""] = header.split(" ", 2);
  if (/^basic$/i.test(scheme)) return byToken(store, passwordOf(value));
  if (/^(bearer|token)$/i.test(scheme)) {
    return value.startsWith("eyJ") ? { kind: "app", app: byJwt(store, value) } : byToken(store, value);
  }
  throw badCredentials();
}

function passwordOf(value: string): string {
  const [user = "", password = ""] = Buffer.from(value, "base64").toString("utf8").split(":", 2);
  // People also put the token where the user name goes.
  return password === "" || password === "x-oauth-basic" ? user : password;
}

function byToken(store: Store, token: string): Actor {
  const user = store.userTokens.get(token);
  if (user) return { kind: "user", user };
  const installation = store.installationTokens.get(token);
  if (!installation || installation.expiresAt <= store.now()) throw badCredentials();
  if (installation.installation.suspended) {
    throw new ApiError(403, "This installation has been suspended");
  }
  return { kind: "installation", token: installation };
}

interface Claims {
  readonly iss?: unknown;
  readonly iat?: unknown;
  readonly exp?: unknown;
}

function byJwt(store: Store, token: string): App {
  const [head = "", body = "", signature = ""] = token.split(".");
  const algorithm = decode<{ alg?: unknown }>(head).alg;
  const claims = decode<Claims>(body);
  const app = store.apps.find(({ id, clientId }) => [String(id), clientId].includes(String(claims.iss)));
  if (!app) throw new ApiError(401, "Integration must generate a public key");
  const signed = Buffer.from(`${head}.${body}`);
  const valid = verify("RSA-SHA256", signed, app.publicKey, Buffer.from(signature, "base64url"));
  if (algorithm !== "RS256" || !valid) throw new ApiError(401, "A JSON web token could not be decoded");
  checkTimes(claims, store.now().getTime() / 1000);
  return app;
}

function checkTimes({ iat, exp }: Claims, now: number): void {
  if (typeof iat !== "number" || iat > now + skew) {
    throw new ApiError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (typeof exp !== "number" || exp <= now) {
    throw new ApiError(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + longestLife + skew) {
    throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
  }
}

function decode<T>(part: string): T {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as T;
  } catch {
    throw new ApiError(401, "A JSON web token could not be decoded");
  }
}

export function badCredentials(): ApiError {
  return new ApiError(401, "Bad credentials");
}
