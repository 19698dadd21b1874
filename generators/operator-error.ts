/**
 * Something the operator can mend, wrong with the input or the machine: the message, written for him, is all there is to
 * say. A command shows it without a stack and exits with 1. Every other error is a defect of this project.
 */
export class OperatorError extends Error {
  override name = "OperatorError";
}

/** A command that was called wrongly: it exits with 2. */
export class UsageError extends OperatorError {
  override name = "UsageError";
}
