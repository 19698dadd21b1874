import { allocatable, machineSize, validatorsPerMachine } from "generators/network/machines.ts";
import { describe, expect, test } from "vitest";
import { local, staging } from "../../support/networks.ts";

const GiB = 2 ** 30;

test.each([
  ["n2-standard-8", 8, 32],
  ["n1-highcpu-16", 16, 14.4],
  ["e2-highmem-4", 4, 32],
  [{ cpu: "8", memory: "32Gi" }, 8, 32],
])("%j has %d vCPU and %d GiB", (machine, cpu, gibibytes) => {
  const size = machineSize(machine);
  expect([size?.cpu, size && size.memory / GiB]).toEqual([cpu, expect.closeTo(gibibytes)]);
});

test.each(["n2-standard-3", "n2-standard-128", "n2-ultramem-8", "z9-standard-8"])("%s is not known", (machine) => {
  expect(machineSize(machine)).toBeUndefined();
});

// What such machines said of themselves on GKE 1.25, in cores and Ki. The estimate must never be more.
describe.each([
  ["n2-highmem-4", 3.92, 29_085_928],
  ["n2-highmem-16", 15.89, 122_210_676],
  ["n2-highmem-64", 63.77, 510_603_916],
])("of %s", (machine, cores, kibibytes) => {
  const { cpu, memory } = allocatable(machineSize(machine) ?? { cpu: 0, memory: 0 });

  test("pods have the cores that GKE gives them", () => {
    expect(cpu).toBeCloseTo(cores, 2);
  });

  test("pods have the memory that GKE gives them, or up to 1 % more than is counted on", () => {
    const real = kibibytes * 1024;
    expect(memory).toBeLessThanOrEqual(real);
    expect(memory).toBeGreaterThan(0.99 * real);
  });
});

test("machines carry one validator each where none may share, and otherwise as few as they can", () => {
  const gke = { ...(staging.gke as NonNullable<typeof staging.gke>), nodes: 5 };
  expect(validatorsPerMachine(staging)).toBe(2);
  expect(validatorsPerMachine({ ...staging, spread: "required" })).toBe(1);
  expect(validatorsPerMachine({ ...staging, gke })).toBe(1);
  expect(validatorsPerMachine({ ...staging, gke, spread: "required" })).toBe(1);
  expect(validatorsPerMachine(local)).toBeUndefined();
});
