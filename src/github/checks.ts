/** Check runs of this App. */

import type { components } from "@octokit/openapi-types";
import type { CheckConclusion, CheckReport, CheckRun, Checks } from "../ports/checks.ts";
import { collect, perPage } from "./collect.ts";
import type { Place } from "./place.ts";
import { attempt } from "./translate.ts";

type RawRun = components["schemas"]["check-run"];

/** GitHub refuses a longer summary, and a longer text. */
const maximumSummary = 65_535;
/** Of one request. */
const maximumAnnotations = 50;
const maximumMessage = 2000;

export function checksOf(place: Place): Checks {
  const { octokit, at, appId } = place;
  return {
    list: (sha, name) =>
      attempt(`list the ${name} checks of ${sha}`, async () => {
        const { items } = await collect(async (page) => {
          const { data, headers } = await octokit.request(
            "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
            {
              ...at,
              ref: sha,
              check_name: name,
              app_id: appId,
              filter: "all",
              per_page: perPage,
              page,
            },
          );
          return { data: data.check_runs, headers };
        });
        const ours = items.filter((run) => run.app?.id === appId && run.name === name);
        return ours.map(toRun).sort((a, b) => b.id - a.id);
      }),
    create: (report) =>
      attempt(`report ${report.name} on ${report.sha}`, async () => {
        const { data } = await octokit.request("POST /repos/{owner}/{repo}/check-runs", {
          ...at,
          ...toRequest(report),
          head_sha: report.sha,
        });
        return toRun(data);
      }),
    update: (id, report) =>
      attempt(`report ${report.name} on ${report.sha}`, async () => {
        const { data } = await octokit.request("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
          ...at,
          ...toRequest(report),
          check_run_id: id,
        });
        return toRun(data);
      }),
  };
}

function toRequest(report: CheckReport) {
  return {
    name: report.name,
    external_id: report.externalId,
    status: "completed" as const,
    conclusion: report.conclusion,
    output: {
      title: report.title,
      summary: report.summary.slice(0, maximumSummary),
      ...(report.text !== undefined && { text: report.text.slice(0, maximumSummary) }),
      annotations: (report.annotations ?? []).slice(0, maximumAnnotations).map((annotation) => ({
        path: annotation.path,
        start_line: annotation.line,
        end_line: annotation.line,
        annotation_level: annotation.level,
        message: annotation.message.slice(0, maximumMessage),
      })),
    },
  };
}

/** Any conclusion that is not good news and not a question is read as a failure. */
function toConclusion(raw: RawRun["conclusion"]): CheckConclusion {
  return raw === "success" || raw === "action_required" ? raw : "failure";
}

function toRun(raw: RawRun): CheckRun {
  return {
    id: Number(raw.id),
    name: raw.name,
    sha: raw.head_sha,
    externalId: raw.external_id ?? "",
    conclusion: toConclusion(raw.conclusion),
    title: raw.output.title ?? "",
    summary: raw.output.summary ?? "",
    text: raw.output.text ?? "",
    completedAt: raw.completed_at,
  };
}
