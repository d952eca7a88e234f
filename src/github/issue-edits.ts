/** Who has edited the text of an issue: only GraphQL tells. */

import type { Result } from "../model/failure.ts";
import type { Person } from "../model/pull.ts";
import { person } from "./person.ts";
import type { Place } from "./place.ts";
import { attempt } from "./translate.ts";

const query = `query ($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    issue(number: $number) {
      userContentEdits(first: 100) {
        nodes { editedAt editor { type: __typename login ... on User { databaseId } ... on Bot { databaseId } } }
      }
    }
  }
}`;

interface RawEdit {
  readonly editedAt: string;
  readonly editor: {
    readonly type: string;
    readonly login: string;
    readonly databaseId?: number;
  } | null;
}

interface Answer {
  readonly repository: {
    readonly issue: {
      readonly userContentEdits: { readonly nodes: readonly (RawEdit | null)[] | null } | null;
    };
  };
}

/** The first edit in the history is the writing of the text; a text that was never changed has none at all. */
export async function editorsSinceOurs(place: Place, number: number): Promise<Result<readonly Person[]>> {
  const self = await place.self();
  if (!self.ok) return self;
  return attempt(`read who edited issue #${number}`, async () => {
    const answer = await place.octokit.graphql<Answer>(query, { ...place.at, number });
    const edits = (answer.repository.issue.userContentEdits?.nodes ?? []).filter((edit) => edit !== null);
    const own = edits.filter(({ editor }) => editor?.databaseId === self.value.id);
    const last = Math.max(...own.map(({ editedAt }) => Date.parse(editedAt)));
    const others = edits.filter((edit) => !own.includes(edit) && Date.parse(edit.editedAt) >= last);
    return [...new Map(others.map(({ editor }) => editorOf(editor)).map((one) => [one.id, one])).values()];
  });
}

/** Nobody where the account is gone. */
function editorOf(editor: RawEdit["editor"]): Person {
  return person(editor === null ? null : { ...editor, id: editor.databaseId });
}
