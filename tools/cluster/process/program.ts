/** A program that a cluster consists of. */
export interface Program {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  /** Resolves to whether the program serves; asked until it does. Throws what prevents it. */
  isReady: () => unknown;
}

/** Starts a program and waits until it is ready. */
export type StartProgram = (program: Program) => Promise<void>;
