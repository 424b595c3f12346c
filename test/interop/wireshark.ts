/** The tools of Wireshark, and tcpdump, as other people would use them. */
import { execFile } from 'node:child_process';
import { whyMissing } from './program';

/** What a program printed and how it ended; what tshark says to root on stderr is left out. */
export interface ToolRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const checksums = ['-o', 'ip.check_checksum:TRUE', '-o', 'tcp.check_checksum:TRUE'];

/** Why tests with them are left out. */
export const missingTools: string | false = whyMissing(
  { tshark: '--version', capinfos: '--version', mergecap: '--version', tcpdump: '--version' },
  'tshark tcpdump',
);

/** Runs a tool; never rejects for its status. */
export function runTool(program: string, args: readonly string[]): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      const status = error === null ? 0 : error.code;
      if (typeof status === 'number') resolve({ stdout, stderr, status });
      else reject(error);
    });
  });
}

/** What tshark prints of a file. */
export function tshark(path: string, ...args: string[]): Promise<ToolRun> {
  return runTool('tshark', ['-r', path, ...checksums, ...args]);
}

/** Fields of every frame, or of those that a filter lets through. */
export async function fieldsOf(
  path: string,
  fields: readonly string[],
  filter = 'frame',
): Promise<string[][]> {
  const wanted = fields.flatMap((field) => ['-e', field]);
  const { stdout } = await tshark(path, '-Y', filter, '-T', 'fields', ...wanted);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}

/** Frames that analysis objects to, and wrong checksums; empty for a good file, or one that is only cut. */
export async function objections(path: string): Promise<string> {
  const filter =
    'tcp.analysis.flags || tcp.checksum.status != 1 || ip.checksum.status == 0 || _ws.malformed';
  const { stdout, stderr, status } = await tshark(path, '-Y', filter);
  return status === 0 || /cut short/.test(stderr) ? stdout : `status ${status}`;
}

/** The bytes of both directions of a stream, as tshark puts them together. */
export async function followed(path: string, stream: number): Promise<{ out: Buffer; in: Buffer }> {
  const { stdout } = await tshark(path, '-q', '-z', `follow,tcp,raw,${stream}`);
  const lines = stdout.split('\n').filter((line) => /^\t?[0-9a-f]+$/.test(line));
  const join = (wanted: readonly string[]) =>
    Buffer.from(wanted.join('').replace(/\t/g, ''), 'hex');
  return {
    out: join(lines.filter((line) => !line.startsWith('\t'))),
    in: join(lines.filter((line) => line.startsWith('\t'))),
  };
}
