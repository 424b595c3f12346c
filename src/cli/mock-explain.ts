import { explainPlan } from '../mock/explanation';
import { bytesOfWord } from './byte-words';
import { CommandFailure, exitCodes } from './exit-codes';
import { requireFiles } from './mock-files';
import type { Terminal } from './print';

/** Explains a frame. @throws CommandFailure 2 - a wrong file or name, 3 - no rule takes it */
export async function explainMock(
  terminal: Terminal,
  file: string,
  bytes: string,
  options: {
    readonly mock?: string;
    readonly state?: string;
    readonly connection?: number;
    readonly json?: true;
  },
): Promise<void> {
  const mocks = requireFiles(terminal, [file]).flatMap((report) => report.mocks);
  const names = mocks.map(({ definition }) => `"${definition.name}"`).join(', ');
  const found =
    options.mock === undefined && mocks.length === 1
      ? mocks[0]
      : mocks.find(({ definition }) => definition.name === options.mock);
  if (found === undefined) {
    throw new CommandFailure(`say which mock with --mock: ${names}`, exitCodes.usage);
  }
  const frame = bytesOfWord(bytes);
  const explanation = explainPlan(found.plan, frame, options);
  terminal.print(
    options.json === true ? JSON.stringify(explanation, undefined, 2) : explanation.text,
  );
  if (explanation.rule === undefined) throw new CommandFailure('', exitCodes.verification);
}
