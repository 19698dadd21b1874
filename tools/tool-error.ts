/** Something about a tool that the operator can mend: its message is all there is to say. */
export class ToolError extends Error {
  override name = "ToolError";
}
