import { readFileSync } from 'node:fs';
import type { LiteralSources } from '../base/byte-literal';
import type { Random } from '../base/random';

/** Where the byte literals of one scenario take files and chance; a file is read once. */
export function scenarioLiterals(folder: string, random: () => Random): LiteralSources {
  const files = new Map<string, Uint8Array>();
  let chance: Random | undefined;
  return {
    baseFolder: folder,
    readFile(path) {
      const known = files.get(path);
      if (known !== undefined) return known;
      const bytes = readFileSync(path);
      files.set(path, bytes);
      return bytes;
    },
    random: {
      bytes(length) {
        // Asking for chance opens the network, whose seed it follows from.
        chance ??= random().fork('literals');
        return chance.bytes(length);
      },
    },
  };
}
