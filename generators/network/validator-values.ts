import * as v from "valibot";
import { strict, table } from "./strict-schema.ts";
import { bytes, index, objectName } from "./values.ts";

const toml = v.optional(table(v.unknown()), {});

/** What a network says otherwise than the defaults in generators/mezod, file by file. */
export const settings = v.optional(
  strict({
    app: toml,
    client: toml,
    config: toml,
    /** Keys of a release that generators/mezod does not know yet. Nobody checks them, and every `pnpm validate` shows them. */
    extra: v.optional(strict({ app: toml, client: toml, config: toml }), {}),
  }),
  {},
);

/** What a volume is. */
export const volume = {
  size: bytes,
  className: v.optional(objectName("a StorageClass")),
  accessMode: v.picklist(["ReadWriteOnce", "ReadWriteOncePod"], 'must be "ReadWriteOnce" or "ReadWriteOncePod"'),
};

/** The volume with a validator's data. */
export const storage = strict(volume);

/** What one validator has otherwise than the rest, such as an archive among validators that prune. */
export const ownValues = strict({
  validator: index,
  /** Laid over the network's `settings`. */
  settings,
  /** In place of the same fields of the network's `storage`. */
  storage: v.optional(
    strict({ size: v.optional(volume.size), className: volume.className, accessMode: v.optional(volume.accessMode) }),
    {},
  ),
});
