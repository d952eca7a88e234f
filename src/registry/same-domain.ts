/** Whether two host names belong to one owner, as far as names can tell. */

/** Second labels under which countries let anyone register: `example.co.uk`. */
const openSecondLabels = new Set(
  "ac co com edu gen go gob gouv gov id info ltd me mil ne net nom or org plc sch".split(" "),
);
/** Domains whose subdomains belong to different people; the full list is at https://publicsuffix.org. */
const hostingDomains = new Set(
  [
    "amazonaws.com azure.com azurecontainer.io azurewebsites.net cloudapp.net cloudfront.net appspot.com run.app",
    "web.app github.io gitlab.io herokuapp.com fly.dev netlify.app vercel.app pages.dev workers.dev onrender.com",
    "ngrok.io ngrok.app trycloudflare.com duckdns.org nip.io sslip.io readthedocs.io digitaloceanspaces.com",
  ].flatMap((line) => line.split(" ")),
);

/**
 * The same host, or two names below one registrable domain (`registry-1.docker.io` and `auth.docker.io`). An address
 * belongs to nobody but itself.
 */
export function isSameDomain(left: string, right: string): boolean {
  if (left === right) return true;
  const address = /^[\d.]+$|:/;
  if (address.test(left) || address.test(right)) return false;
  const domain = registrableDomain(left);
  return domain !== undefined && domain === registrableDomain(right);
}

function registrableDomain(host: string): string | undefined {
  const labels = host.split(".");
  const [top = "", second = ""] = labels.toReversed();
  const lastTwo = labels.slice(-2).join(".");
  const open = (top.length === 2 && openSecondLabels.has(second)) || hostingDomains.has(lastTwo);
  const size = open ? 3 : 2;
  return labels.length < size || labels.includes("") ? undefined : labels.slice(-size).join(".");
}
