import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { readSecret } from './secret-input.ts';
import { raise } from '../errors.ts';
import { checkSignature, type SignatureStep } from '../maintainx/index.ts';
import { writeJson, writeLine } from './output.ts';

interface Options {
  readonly header: string;
  readonly secret?: string;
  readonly secretFile?: string;
  readonly body?: string;
  readonly uri?: string;
  readonly at?: string;
  readonly json?: true;
}

const STEPS: readonly { readonly step: SignatureStep; readonly words: string }[] = [
  { step: 'header-missing', words: 'there is a signature header' },
  { step: 'header-malformed', words: 'it holds one t=<digits> and a v1=<64 hex digits>' },
  { step: 'outside-time-window', words: 't is within five minutes' },
  { step: 'digest-differs', words: 'HMAC-SHA256 over "<t>.<payload>" gives v1' },
];

export function verifySignatureCommand(): Command {
  return new Command('verify-signature')
    .description('Check the signature of a webhook and say which step failed.')
    .requiredOption('--header <value>', 'value of x-maintainx-webhook-body-signature (or -uri-signature with --uri)')
    .option('--secret-file <file>', "file that holds the subscription's secret")
    .option('--secret <secret>', 'the secret itself; other users of this machine can see it while the command runs')
    .option('--body <file>', 'file with the raw body; default: standard input')
    .option('--uri <uri>', 'check the URI signature over this full URI instead of a body')
    .option('--at <time>', 'check as of this time (ISO 8601); default: now')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const secret = readSecret({ secret: options.secret, secretFile: options.secretFile }, 'secret', '--secret');
      const payload = options.uri ?? readFileSync(options.body ?? 0);
      const now = options.at === undefined ? Date.now() : Date.parse(options.at);
      if (Number.isNaN(now)) throw raise('usage', '--at must be an ISO 8601 time');
      const check = checkSignature({ header: options.header, payload, secret: secret.reveal(), now });
      if (options.json === true) await writeJson(check);
      else await explain(check);
      if (!check.valid) process.exitCode = 1;
    });
}

async function explain(check: ReturnType<typeof checkSignature>): Promise<void> {
  const failedAt = check.valid ? STEPS.length : STEPS.findIndex(({ step }) => step === check.failed);
  for (const [index, { words }] of STEPS.entries()) {
    if (index < failedAt) await writeLine(`ok      ${words}`);
    if (index === failedAt) await writeLine(`FAILED  ${words}`);
  }
  if (check.valid) await writeLine(`the signature is valid; signed at ${new Date(check.signedAt).toISOString()}`);
  else await writeLine(`the signature is not valid (${check.failed}): ${check.explanation}`);
}
