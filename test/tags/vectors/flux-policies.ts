/** What Flux's policies pick: the latest of a list. The current tag is added, as one that they all leave behind. */

const folder = "fluxcd/image-reflector-controller debe2aa, internal/policy";
const semver = `${folder}/semver_test.go`;
const numerical = `${folder}/numerical_test.go`;
const alphabetical = `${folder}/alphabetical_test.go`;
const version = "fluxcd/pkg e2cfd1a, version/version_test.go";

const masterminds = (range: string) => ({ type: "semver", range, dialect: "masterminds" }) as const;
const byNumber = (order: "asc" | "desc") => ({ type: "numerical", order }) as const;
const byAlphabet = (order: "asc" | "desc") => ({ type: "alphabetical", order }) as const;

const stamps = ["1606234201", "1606364286", "1606334092", "1606334284", "1606334201"];
const dates = [
  "2021-01-08T21-18-21Z",
  "2020-05-08T21-18-21Z",
  "1990-01-08T00-20-00Z",
  "2023-05-08T00-20-00Z",
];
const names = ["xenial", "yakkety", "zesty", "artful", "bionic"];
const releases = ["16.04", "16.04.1", "16.10", "20.04", "20.10"];

export const policies = [
  {
    source: semver,
    policy: masterminds("1.0.x"),
    current: "0.0.1",
    tags: ["1.0.0", "1.0.0.1", "1.0.0p", "1.0.1", "1.2.0", "0.1.0"],
    chosen: "1.0.1",
  },
  {
    source: semver,
    policy: masterminds("1.0.x"),
    current: "v0.0.1",
    tags: ["v1.2.3", "v1.0.0", "v0.1.0"],
    chosen: "v1.0.0",
  },
  {
    source: semver,
    policy: masterminds("1.0.x"),
    current: "0.0.1",
    tags: ["b1.2.3", "b1.0.0"],
    chosen: null,
  },
  { source: semver, policy: masterminds("1.0.x"), current: "0.0.1", tags: ["1.2.0"], chosen: null },
  { source: semver, policy: masterminds("1.0.x"), current: "0.0.1", tags: [], chosen: null },
  {
    source: version,
    policy: masterminds(">=0"),
    current: "0.0.1",
    tags: ["v1.0", "v1", "v1.2-5", "v1.2.3.4", "v1.2.beta"],
    chosen: null,
  },
  {
    source: version,
    policy: masterminds(">=2025.01.01"),
    current: "v2025.06.30",
    tags: ["v2025.07.03", "v2025.07"],
    chosen: "v2025.07.03",
  },
  {
    source: version,
    policy: masterminds(">= 1.2.0, < 1.3.0"),
    current: "v1.1.0",
    tags: ["v1.2.0", "v1.2.3", "v1.3.0", "1.2.4", "something-invalid"],
    chosen: "1.2.4",
  },
  {
    source: numerical,
    policy: byNumber("asc"),
    current: "-100",
    tags: ["-62", "-88", "73", "72", "15", "16", "15", "-33"],
    chosen: "73",
  },
  {
    source: numerical,
    policy: byNumber("desc"),
    current: "100",
    tags: ["5", "-8", "-78", "25", "70", "-4"],
    chosen: "-78",
  },
  {
    source: numerical,
    policy: byNumber("asc"),
    current: "-60",
    tags: ["47.40896403322944", "-27.8520927455902", "53.47333823144817", "3.2008658570411086"],
    chosen: "53.47333823144817",
  },
  {
    source: numerical,
    policy: byNumber("desc"),
    current: "60",
    tags: ["-65.27202780220686", "57.82948329142309", "-90.29082099756083", "-86.36934305697784"],
    chosen: "-90.29082099756083",
  },
  { source: numerical, policy: byNumber("asc"), current: "1", tags: stamps, chosen: "1606364286" },
  { source: numerical, policy: byNumber("desc"), current: "1706364286", tags: stamps, chosen: "1606234201" },
  { source: alphabetical, policy: byAlphabet("asc"), current: "14.04", tags: releases, chosen: "20.10" },
  { source: alphabetical, policy: byAlphabet("desc"), current: "21.04", tags: releases, chosen: "16.04" },
  { source: alphabetical, policy: byAlphabet("asc"), current: "artful", tags: names, chosen: "zesty" },
  { source: alphabetical, policy: byAlphabet("desc"), current: "zesty", tags: names, chosen: "artful" },
  {
    source: alphabetical,
    policy: byAlphabet("asc"),
    current: "rel-1",
    tags: stamps.map((stamp) => `rel-${stamp}`),
    chosen: "rel-1606364286",
  },
  {
    source: alphabetical,
    policy: byAlphabet("asc"),
    current: "1980",
    tags: dates,
    chosen: "2023-05-08T00-20-00Z",
  },
  {
    source: alphabetical,
    policy: byAlphabet("desc"),
    current: "2030",
    tags: dates,
    chosen: "1990-01-08T00-20-00Z",
  },
] as const;
