/** A refusal in GitHub's words; routes throw it and the server answers it. */

/** One entry of `errors` in a 422. */
export interface Problem {
  readonly resource?: string;
  readonly field?: string;
  readonly code: "missing" | "missing_field" | "invalid" | "already_exists" | "custom" | "unprocessable";
  readonly message?: string;
  readonly value?: unknown;
}

const documentation = "https://docs.github.com/rest";

export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly (Problem | string)[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: { errors?: readonly (Problem | string)[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }

  /** The JSON body, in the form that `basic-error` and `validation-error` of GitHub's description have. */
  body(): Record<string, unknown> {
    return {
      message: this.message,
      ...(this.errors && { errors: this.errors }),
      documentation_url: documentation,
      status: String(this.status),
    };
  }
}

export function notFound(): ApiError {
  return new ApiError(404, "Not Found");
}

export function validationFailed(...errors: readonly (Problem | string)[]): ApiError {
  return new ApiError(422, "Validation Failed", { errors });
}

/** For a field that is absent or of the wrong kind. */
export function invalidRequest(detail: string): ApiError {
  return new ApiError(422, `Invalid request.\n\n${detail}`);
}

/** What an App gets when its permissions do not cover the call. */
export function notAccessible(): ApiError {
  return new ApiError(403, "Resource not accessible by integration");
}
