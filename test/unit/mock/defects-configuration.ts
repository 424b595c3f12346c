import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { join, resolve } from 'node:path';
import tls from 'node:tls';
import fc from 'fast-check';
import { mock } from '../../../src/mock/mock-builder';
import { printMocks, readMockText } from '../../../src/mock/mock-file';
import { mockSchema, type SchemaNode } from '../../../src/mock/mock-schema';
import { runBrine } from '../cli/run-brine';
import { shows } from './defect-list';
import { definitions } from './definition-arbitrary';

/** Every file below a folder. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, name),
  );
}

shows([8], 'what is printed reads back as the same definition', () => {
  fc.assert(
    fc.property(definitions, (definition) => {
      const report = readMockText(printMocks([definition]));
      assert.deepEqual(report.problems, []);
      assert.deepEqual(report.mocks[0]?.definition, definition);
      assert.equal(printMocks([definition]), printMocks(report.mocks.map((one) => one.definition)));
    }),
  );
});

shows([14], 'no source file evaluates text as code', () => {
  const guilty = filesBelow('src').filter(
    (file) =>
      file.endsWith('.ts') &&
      /\beval\(|new Function\(|Function\(['"`]/.test(readFileSync(file, 'utf8')),
  );

  assert.deepEqual(guilty, []);
});

/** Objects of the schema with the keys that each one knows. */
function keyedNodes(
  node: SchemaNode,
  found: (readonly string[])[] = [],
): readonly (readonly string[])[] {
  if (node.properties !== undefined && node.additionalProperties === false) {
    found.push(Object.keys(node.properties));
  }
  for (const inner of Object.values(node)) {
    for (const one of Array.isArray(inner) ? inner : [inner]) {
      if (typeof one === 'object' && one !== null) keyedNodes(one as SchemaNode, found);
    }
  }
  return found;
}

shows(
  [15],
  'a misspelt key of a mock, of each name that a mock has, is refused with a suggestion',
  () => {
    const own = keyedNodes(mockSchema()).find((keys) => keys.includes('onConnect')) ?? [];
    assert.ok(own.length > 15);
    for (const key of own) {
      const misspelt = `${key}${key.at(-1)}`;
      const text = JSON.stringify({ version: 1, mocks: [{ name: 'm', [misspelt]: 1 }] });
      const messages = readMockText(text).problems.map(({ message }) => message);
      assert.ok(
        messages.includes(`unknown property (did you mean "${key}"?)`),
        `${misspelt}: ${messages.join('; ')}`,
      );
    }
  },
);

shows([15], 'no object of the schema takes keys that it does not know, but those of names', () => {
  const open: string[] = [];
  const look = (node: SchemaNode, path: string): void => {
    const isBranch = /\/(allOf|anyOf|oneOf|not|dependentSchemas|if|then)\//.test(path);
    if (node.properties !== undefined && node.additionalProperties === undefined && !isBranch)
      open.push(path);
    for (const [key, inner] of Object.entries(node)) {
      if (typeof inner === 'object' && inner !== null) look(inner as SchemaNode, `${path}/${key}`);
    }
  };
  look(mockSchema(), '');

  assert.deepEqual(open, []);
});

shows([18], 'an address that others can reach needs a flag', async () => {
  const { exitCode, stderr } = await runBrine(['mock', 'run', 'test/unit/mock/everywhere.yaml']);

  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /listens on 0\.0\.0\.0, which others can reach; --allow-remote allows it/);
});

shows(
  [20],
  'nothing of Node is replaced, and a bare socket talks to a mock',
  { timeout: 20_000 },
  async () => {
    const parts = (): readonly unknown[] => [
      net.connect,
      net.createServer,
      net.Socket,
      net.Socket.prototype.connect,
      net.Socket.prototype.write,
      net.Server.prototype.listen,
      tls.connect,
      globalThis.setTimeout,
    ];
    const before = parts();
    await using server = await mock('plain', { framing: 'line' }).when('A').reply('b').start();
    assert.deepEqual(
      parts().map((part, at) => part === before[at]),
      before.map(() => true),
    );

    const socket = net.connect(server.port, server.host);
    socket.write('A\n');
    const [chunk] = await new Promise<Buffer[]>((done) =>
      socket.once('data', (data) => done([data])),
    );
    socket.destroy();
    assert.equal(String(chunk), 'b\n');
  },
);

shows([24], 'the documentation is in the package, and its links lead to files of it', () => {
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    files: readonly string[];
  };
  assert.ok(files.includes('docs') && files.includes('README.md'));
  for (const name of ['mocks.md', 'scripts.md', 'cli.md']) {
    const text = readFileSync(join('docs', name), 'utf8');
    const targets = [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(
      ([, target = '']) => target,
    );
    const missing = targets.filter((target) => !existsSync(resolve('docs', target)));
    assert.deepEqual(missing, [], name);
  }
});
