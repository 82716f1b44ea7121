import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './probe';
import type { Target } from './target';
import type { Leftover } from './tear-down';

export interface Report {
  readonly started: string;
  readonly seconds: number;
  readonly run: string;
  readonly region: string;
  readonly account: string;
  readonly isLocal: boolean;
  /** The number of rooms over which delays were measured. */
  readonly creates: number;
  /** Whether all probes ran, no assumption differs, and nothing is left in the account. */
  readonly passed: boolean;
  readonly rows: readonly Row[];
  readonly left: readonly Leftover[];
}

/** Returns a function that redacts credentials and all but the last digits of the account id in a text. */
export function redactor(target: Pick<Target, 'accountId' | 'credentials'>): (text: string) => string {
  const { accountId, credentials } = target;
  const secrets = Object.values(credentials).filter((secret): secret is string => Boolean(secret));
  return (text) => secrets.reduce((redacted, secret) => redacted.replaceAll(secret, '[redacted]'), text)
    .replaceAll(accountId, `XXXXXXXX${accountId.slice(-4)}`)
    .replace(/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, '[redacted]');
}

/** Writes `verify-report.json` and `verify-report.md`, and returns their paths. */
export function writeReport(report: Report, folder: string): string[] {
  const files = {
    'verify-report.json': `${JSON.stringify(report, undefined, 2)}\n`,
    'verify-report.md': markdown(report),
  };
  return Object.entries(files).map(([name, content]) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  });
}

function markdown({ started, seconds, run, region, account, isLocal, creates, passed, rows, left }: Report): string {
  const cell = (text: string) => text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|').slice(0, 600);
  const count = (verdict: string) => rows.filter((row) => row.verdict === verdict).length;
  const counts = `${count('holds')} hold, ${count('differs')} differ, ${count('not measured')} not measured`;
  const table = rows.map(({ group, question, assumes, seen, verdict, why }) =>
    `| ${[group, question, assumes, seen, why ? `**${verdict}**: ${why}` : `**${verdict}**`].map(cell).join(' | ')} |`);
  const leftovers = left.map(({ what, why, command }) => `- ${what}: ${why}\n\n  \`${command}\``);
  return `# Verification of cdk-ivs-chat ${isLocal ? 'on the local services' : 'on AWS'}

${passed ? 'PASSED' : 'NOT PASSED'}: ${counts}.

Run ${run}, Region ${region}, account ${account}, started ${started}, ${seconds} s, ${creates} rooms measured.
${isLocal ? '\nTHIS RUN SAYS NOTHING ABOUT AWS. The local services answered.\n' : ''}
| | question | the code assumes | seen | verdict |
|---|---|---|---|---|
${table.join('\n')}

${left.length ? `## Left in the account\n\n${leftovers.join('\n')}` : 'Nothing is left in the account.'}
`;
}
