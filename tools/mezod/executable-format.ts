// e_machine of an ELF header, by Node's names of the processors.
const machines: Record<number, string> = { 3: "ia32", 40: "arm", 62: "x64", 183: "arm64", 243: "riscv64" };

// The first four bytes of programs for macOS: of one processor, in either byte order, and of several.
const mach = new Set([0xcffaedfe, 0xcefaedfe, 0xfeedfacf, 0xfeedface, 0xcafebabe]);

/**
 * Why Linux on a processor does not run a program, by its first 20 bytes; undefined where it does.
 *
 * @param processor by Node's name, such as x64.
 */
export function whyNotRunnable(head: Buffer, processor: string): string | undefined {
  if (head.length < 20) return "is not a program";
  if (head.toString("latin1", 0, 2) === "#!") return "is a script and not the program itself";
  if (head.toString("latin1", 0, 2) === "MZ") return "is a program for Windows";
  if (mach.has(head.readUInt32BE(0))) return "is a program for macOS";
  if (head.toString("latin1", 0, 4) !== "\x7fELF") return "is not a program";
  const isLittleEndian = head[5] === 1;
  const machine = isLittleEndian ? head.readUInt16LE(18) : head.readUInt16BE(18);
  const name = machines[machine] ?? `machine ${machine}`;
  return name === processor ? undefined : `is a program for ${name}, and this machine is ${processor}`;
}
