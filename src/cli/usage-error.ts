/** Thrown where a command was called wrongly: the program prints the message and ends with exit code 2. */
export class UsageError extends Error {}
