/**
 * The plan in an answer of x/upgrade (QueryCurrentPlanResponse), which CometBFT hands on as protobuf; undefined where
 * nothing is planned. The node's own REST server, which would answer in JSON, is off.
 *
 * @throws {Error} when the bytes are cut off.
 */
export function decodePlan(bytes: Uint8Array): { name: string; height: number } | undefined {
  const plan = fields(bytes).get(1);
  if (!(plan instanceof Uint8Array)) return undefined;
  const found = fields(plan);
  const [name, height] = [found.get(1), found.get(3)];
  return {
    name: name instanceof Uint8Array ? new TextDecoder().decode(name) : "",
    height: typeof height === "number" ? height : 0,
  };
}

/** The fields of a protobuf message by number: varints as numbers, what has a length as bytes. */
function fields(bytes: Uint8Array): Map<number, number | Uint8Array> {
  const found = new Map<number, number | Uint8Array>();
  let at = 0;
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("the answer is cut off");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const [field, type] = [key >> 3, key & 7];
    if (type === 0) {
      found.set(field, varint());
      continue;
    }
    if (type !== 2) throw new Error(`the answer has a field of type ${type}`);
    const length = varint();
    if (at + length > bytes.length) throw new Error("the answer is cut off");
    found.set(field, bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}
