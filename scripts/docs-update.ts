/** Writes the pages of docs/ that are made from the program; the tests compare them. */
import { writeFileSync } from 'node:fs';
import { generatedPages } from './generated-pages';

for (const { path, text } of generatedPages()) {
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
}
