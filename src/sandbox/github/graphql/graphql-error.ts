/** A refusal in the form that GraphQL answers carry it, beside status 200. */

export type GraphqlErrorType =
  | "NOT_FOUND"
  | "FORBIDDEN"
  | "UNPROCESSABLE"
  | "MISSING_PAGINATION_BOUNDARIES"
  | "EXCESSIVE_PAGINATION"
  | "PARSE_ERROR"
  | "UNDEFINED_FIELD";

export class GraphqlError extends Error {
  readonly type: GraphqlErrorType;

  constructor(type: GraphqlErrorType, message: string) {
    super(message);
    this.type = type;
  }
}
