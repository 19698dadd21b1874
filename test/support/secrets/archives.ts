import { crc32 } from "node:zlib";

/** Files by their paths. */
export type Files = Record<string, string | Buffer>;

/** A tar archive. */
export const tar = (files: Files): Buffer =>
  Buffer.concat([
    ...Object.entries(files).flatMap(([path, content]) => {
      const bytes = Buffer.from(content);
      return [tarHeader(path, bytes.length), bytes, Buffer.alloc(-bytes.length & 511)];
    }),
    Buffer.alloc(1024),
  ]);

function tarHeader(path: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  const write = (text: string, offset: number) => header.write(text, offset, "latin1");
  write(path, 0);
  write("0000644\0", 100);
  write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  write("00000000000\0", 136);
  write("        0", 148);
  write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** A zip archive, uncompressed. */
export function zip(files: Files): Buffer {
  const entries = Object.entries(files).map(([path, content]) => zipEntry(path, Buffer.from(content)));
  let offset = 0;
  const directory = entries.map(({ local, central }) => {
    central.writeUInt32LE(offset, 42);
    offset += local.length;
    return central;
  });
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...entries.map(({ local }) => local), ...directory, end]);
}

function zipEntry(path: string, content: Buffer) {
  const name = Buffer.from(path);
  // What both headers say of the file.
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(content.length, 14);
  facts.writeUInt32LE(content.length, 18);
  facts.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), facts, name, content]);
  const madeBy = Buffer.from([20, 0]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02", "latin1"), madeBy, facts, Buffer.alloc(14), name]);
  return { local, central };
}
