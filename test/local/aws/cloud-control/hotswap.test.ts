/** `cdk deploy --hotswap` of resources that the CDK CLI updates through the Cloud Control API. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { cdk } from '../../../../examples/live-chat/cdk-cli';
import type { DeployEvent } from '../../../../local/aws/deploy-event';
import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';

jest.setTimeout(240_000);

const folder = mkdtempSync(join(tmpdir(), 'cdk-ivs-chat-hotswap-'));
const events: DeployEvent[] = [];
let local: LocalDeploy;

beforeAll(async () => {
  local = await startLocalDeploy({ log: (event) => events.push(event) });
});

afterAll(async () => {
  await local?.close();
  rmSync(folder, { recursive: true });
});

/** Deploys an HTTP API, and returns its URL and the output of the CLI. */
async function deploy(origin: string, tags: { [key: string]: string }, ...options: string[]) {
  const outdir = mkdtempSync(join(folder, 'assembly-'));
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'Api', { env: { account: local.accountId, region: local.region } });
  const api = new apigateway.HttpApi(stack, 'Api', {
    corsPreflight: { allowOrigins: [origin], allowMethods: [apigateway.CorsHttpMethod.GET] },
  });
  for (const [key, value] of Object.entries(tags)) {
    Tags.of(api).add(key, value, { includeResourceTypes: ['AWS::ApiGatewayV2::Api'] });
  }
  new CfnOutput(stack, 'Url', { value: api.apiEndpoint });
  app.synth();
  const printed: string[] = [];
  const file = join(outdir, 'outputs.json');
  await cdk(
    ['deploy', '--app', outdir, '--require-approval', 'never', '--outputs-file', file, ...options],
    { ...local, print: (line) => printed.push(line) },
  );
  return { url: JSON.parse(readFileSync(file, 'utf8')).Api?.Url, printed: printed.join('\n') };
}

const allowedOrigin = async (url: string, origin: string) => {
  const headers = { origin, 'access-control-request-method': 'GET' };
  return (await fetch(url, { method: 'OPTIONS', headers })).headers.get('access-control-allow-origin');
};
const stackEvents = () => events.filter(({ kind }) => kind === 'stack').length;

test('an API is updated without a deployment, and the next deployment still has its own changes', async () => {
  const { url } = await deploy('https://one.example', { team: 'chat', stage: 'test' });
  expect(await allowedOrigin(url, 'https://one.example')).toBe('https://one.example');
  const before = stackEvents();

  const { printed } = await deploy('https://two.example', { 'team': 'live', 'a/b': 'c' }, '--hotswap');
  expect(printed).toContain('hotswapped!');
  expect(await allowedOrigin(url, 'https://two.example')).toBe('https://two.example');
  expect(await allowedOrigin(url, 'https://one.example')).toBeNull();
  expect(stackEvents()).toBe(before);

  await deploy('https://three.example', {});
  expect(await allowedOrigin(url, 'https://three.example')).toBe('https://three.example');
  expect(stackEvents()).toBeGreaterThan(before);
});
