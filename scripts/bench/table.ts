import { paint } from '../../src/cli/print';
import { type BenchmarkResult, reachesTarget, type VariantResult } from './benchmark';
import type { PairedRatio } from './statistics';

/** A result as lines for a terminal: one row per variant, ratios with their range. */
export function tableOf(result: BenchmarkResult): string {
  const { name, title, unit, target } = result;
  const goal = `${target.of === 'rate' ? '≥' : '≤'} ${target.ratio}`;
  const head = [
    '',
    `${unit}/s`,
    `${target.of}, × baseline (${goal})`,
    `CPU µs/${unit}`,
    'CPU, × baseline',
  ];
  const rows = result.variants.map((variant) => rowOf(result, variant));
  const widths = head.map((cell, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? cell).length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        (column === 0 ? cell.padEnd : cell.padStart).call(cell, widths[column] ?? 0),
      )
      .join('  ');
  const marks = result.variants.map((variant) =>
    reachesTarget(result, variant) ? paint('green', '✓') : paint('red', '✗'),
  );
  return [
    `${paint('bold', name)}: ${title}`,
    paint('dim', `    ${line(head)}`),
    ...rows.map((row, index) => `  ${index === 0 ? ' ' : marks[index]} ${line(row)}`),
    '',
  ].join('\n');
}

function rowOf(result: BenchmarkResult, variant: VariantResult): readonly string[] {
  const first = variant === result.variants[0];
  return [
    variant.name,
    figure(variant.rate),
    first ? '1' : ratio(variant.ratio),
    variant.cpuUsPerUnit === undefined ? 'not measured' : figure(variant.cpuUsPerUnit),
    variant.cpuRatio === undefined ? '' : first ? '1' : ratio(variant.cpuRatio),
  ];
}

function ratio({ median, least, most }: PairedRatio): string {
  return `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
}

function figure(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en-US');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
