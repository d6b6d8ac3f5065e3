import { styleText } from 'node:util';
import type { DemoState } from './demo-state.ts';
import { table } from './output.ts';

/** Draws the demo: over and over on a terminal's screen, or one line a second where nobody watches a screen. */
export class DemoView {
  readonly #mode: 'screen' | 'lines';
  #last: DemoState | undefined;
  #mirroredAfterMs: number | undefined;
  readonly #startedAt = performance.now();

  constructor(mode: 'screen' | 'lines') {
    this.#mode = mode;
  }

  draw(state: DemoState): void {
    this.#last = state;
    if (isMirrored(state)) this.#mirroredAfterMs ??= performance.now() - this.#startedAt;
    const text = this.#mode === 'screen' ? `\u001b[H\u001b[2J${this.#screen(state)}\n` : `${line(state)}\n`;
    process.stdout.write(text);
  }

  farewell(): string {
    const last = this.#last;
    if (last === undefined) return 'the demo ended before it began';
    return `${last.events} events of ${last.changes} changes; ${last.records.equal} of ${last.records.plant} records equal`;
  }

  #screen(state: DemoState): string {
    const mirrored =
      this.#mirroredAfterMs === undefined
        ? 'copying …'
        : `mirrored ${(this.#mirroredAfterMs / 1000).toFixed(1)} s after the start`;
    return [
      `${bold('Millwright demo')}   gateway ${state.address}   MaintainX sandbox ${state.sandboxUrl}`,
      `API ${state.address}/docs   token ${state.token}`,
      '',
      `people made ${bold(state.changes)} changes → ${bold(state.webhooks)} webhooks, signed → ${bold(state.events)} events (${state.eventsPerSecond} a second)`,
      `lag ${bold(`${(state.lagMs / 1000).toFixed(1)} s`)}   waiting: ${state.waiting.deliveries} webhooks, ${state.waiting.reads} reads   quota ${bold(`${state.quota.used} of ${state.quota.limit}`)} requests in the last minute`,
      `mirror against plant: ${bold(`${state.records.equal} of ${state.records.plant}`)} records equal, field by field   ${mirrored}`,
      '',
      table(
        ['kind', 'plant', 'mirror', 'equal'],
        state.kinds.map((one) => [one.kind, one.plant, one.mirror, one.equal]),
      ),
      '',
      styleText('bold', 'last events'),
      ...state.lastEvents.map((words) => `  ${cut(words, (process.stdout.columns ?? 100) - 3)}`),
      '',
      styleText('dim', 'Ctrl-C ends it. Next: npx millwright --help, and README.md'),
    ].join('\n');
  }
}

const isMirrored = (state: DemoState): boolean =>
  state.records.plant > 0 && state.records.equal >= state.records.plant * 0.98;

const bold = (value: string | number): string => styleText('bold', String(value));
const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

const line = (state: DemoState): string =>
  `changes ${state.changes}  webhooks ${state.webhooks}  events ${state.events} (${state.eventsPerSecond}/s)  ` +
  `lag ${(state.lagMs / 1000).toFixed(1)} s  quota ${state.quota.used}/${state.quota.limit}  ` +
  `equal ${state.records.equal} of ${state.records.plant} (mirror ${state.records.mirror})  ` +
  `| ${state.lastEvents.at(-1) ?? ''}`;
