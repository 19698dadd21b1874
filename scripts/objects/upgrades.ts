import type { Manifest } from "./manifests.ts";
import { nodeContainer, validatorSets } from "./validators.ts";

/** A plan as the pods of a commit had it. */
export interface Planned {
  name: string;
  /** The height at which the old release stops. */
  height: number;
  /** The tag of the new release, where it has one. */
  tag?: string | undefined;
}

/** The plan that an overlay's validators wait for; undefined where they wait for none. */
export function plannedIn(manifests: readonly Manifest[]): Planned | undefined {
  const [validator] = validatorSets(manifests);
  const variables = (validator && nodeContainer(validator)?.env) ?? [];
  const variable = (name: string) => variables.find((each) => each.name === name)?.value;
  const name = variable("UPGRADE_NAME");
  if (name === undefined) return undefined;
  const volumes = (validator?.spec.template.spec?.volumes ?? []) as { image?: { reference: string } }[];
  const tag = /^[^@]*:([^:@/]+)$/.exec(volumes.find(({ image }) => image)?.image?.reference ?? "")?.[1];
  return { name, height: Number(variable("UPGRADE_HEIGHT")), tag };
}
