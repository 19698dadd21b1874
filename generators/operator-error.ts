/**
 * Something wrong with the input or the machine that the operator can fix. A command prints the message without a stack
 * and exits with 1. Every other error is a defect of this project.
 */
export class OperatorError extends Error {
  override name = "OperatorError";
}

/** A command was called wrongly. It exits with 2. */
export class UsageError extends OperatorError {
  override name = "UsageError";
}
