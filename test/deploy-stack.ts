import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, Stack, type Environment } from 'aws-cdk-lib';
import { cdk } from '../examples/live-chat/cdk-cli';
import type { Local } from '../local';

/** Adds the constructs of a stack, and returns its outputs. */
export type Build = (stack: Stack) => { readonly [output: string]: string };

/** Synthesizes a stack into a new folder below `folder`. */
export function synthesizeStack(folder: string, name: string, env: Environment, build: Build) {
  const outdir = mkdtempSync(join(folder, 'assembly-'));
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, name, { env });
  for (const [output, value] of Object.entries(build(stack))) {
    new CfnOutput(stack, `Output${output}`, { value }).overrideLogicalId(output);
  }
  app.synth();
  return { outdir, stack };
}

/** Deploys a synthesized stack with the real CDK CLI, and returns its outputs. */
export async function deployStack(
  local: Local, { outdir, stack }: ReturnType<typeof synthesizeStack>, options: readonly string[] = [],
): Promise<any> {
  const name = stack.stackName;
  const file = join(outdir, 'outputs.json');
  await cdk([
    'deploy', name, '--app', outdir, '--require-approval', 'never', '--progress', 'events', '--outputs-file', file,
    ...options,
  ], local);
  return JSON.parse(readFileSync(file, 'utf8'))[name] ?? {};
}
