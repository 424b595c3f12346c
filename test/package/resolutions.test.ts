import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import ts from 'typescript';
import { manifest, PackedProject } from './packed-project';

const project = new PackedProject({ beside: ['@types/node', 'fast-check', 'pure-rand'] });
after(() => project.remove());

/** How users' compilers look for our types. */
const resolutions: readonly {
  readonly name: string;
  readonly file: string;
  readonly options: ts.CompilerOptions;
}[] = [
  {
    name: 'node10',
    file: 'node10.ts',
    options: {
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      ignoreDeprecations: '6.0',
    },
  },
  {
    name: 'node16 from CommonJS',
    file: 'common.cts',
    options: { module: ts.ModuleKind.Node16, skipLibCheck: false },
  },
  { name: 'node16 from ESM', file: 'module.mts', options: { module: ts.ModuleKind.Node16 } },
  {
    name: 'a bundler',
    file: 'bundled.ts',
    options: {
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    },
  },
];

/** Names every door and uses what they promise. */
const program = `${Object.keys(manifest.exports)
  .filter((door) => !door.endsWith('.json'))
  .map(
    (door, index) =>
      `import * as door${index} from '${door.replace(/^\./, 'brine')}';\nvoid door${index};`,
  )
  .join('\n')}
import { Client, Listener, TcpError } from 'brine';

export async function talk(): Promise<string> {
  const listener = new Listener(0).attach(() => ({ onBytes: (data) => data }));
  const { port } = await listener.start();
  const client = await Client.connect('127.0.0.1', port, { timeout: '2s' });
  try {
    await client.writeBytes(Buffer.from('hello'));
    const bytes: Uint8Array = await client.readBytes(5);
    return Buffer.from(bytes).toString();
  } catch (error) {
    return TcpError.is(error) ? error.code : 'unknown';
  } finally {
    await client.close();
    await listener.gracefulStop();
  }
}

// @ts-expect-error - a port is a number
Client.connect('127.0.0.1', 'http');
`;

for (const { name, file, options } of resolutions) {
  test(`the types of every door are found and fit, as ${name} resolves them`, () => {
    const path = project.write(file, program);
    const compilation = ts.createProgram([path], {
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts'],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
      typeRoots: [join(project.folder, 'node_modules', '@types')],
      ...options,
    });

    const problems = ts.getPreEmitDiagnostics(compilation).map(({ messageText, file: at }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, '\n');
      return `${at?.fileName ?? ''}: ${text}`;
    });

    assert.deepEqual(problems, []);
  });
}
