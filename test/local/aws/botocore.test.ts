import { execFileSync, spawn } from 'node:child_process';
import * as path from 'node:path';
import { startLocalDeploy } from '../../../local/aws/start-local-deploy';
import { inlineFunction } from './signed-client';

jest.setTimeout(60_000);

const python = ['python3', 'python'].find((name) => {
  try {
    return execFileSync(name, ['-c', 'import botocore'], { stdio: 'ignore' }) !== undefined;
  } catch {
    return false;
  }
});
if (!python) console.warn('SKIPPED: the wire formats are not tested with botocore, because it is not installed.');

const handler = `
exports.handler = async (event) => {
  if (event.fail) throw new Error(event.fail);
  if (event.say) { console.log('say', event.say); return { said: event.say }; }
  const { ResponseURL, StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({
    Status: 'SUCCESS',
    PhysicalResourceId: 'thing & <co>',
    StackId,
    RequestId,
    LogicalResourceId,
    Data: { Secret: event.ResourceProperties.Secret.length },
  });
  await fetch(ResponseURL, { method: 'PUT', body });
};`;

(python ? test : test.skip)('botocore parses every response', async () => {
  const deploy = await startLocalDeploy();
  const resources: { [logicalId: string]: any } = {
    ...inlineFunction(handler),
    Thing: {
      Type: 'Custom::Thing',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] }, Secret: { Ref: 'Secret' } },
    },
  };
  const template = {
    Parameters: { Secret: { Type: 'String', NoEcho: true } },
    Resources: resources,
    Outputs: {
      Function: { Value: { Ref: 'Function' } },
      Thing: { Value: { Ref: 'Thing' } },
      Length: { Value: { 'Fn::GetAtt': ['Thing', 'Secret'] } },
    },
  };
  try {
    const peer = spawn(python!, [path.join(__dirname, 'fixtures/botocore_peer.py')], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PYENV_ROOT: process.env.PYENV_ROOT,
        ...deploy.environment,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    peer.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    peer.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    peer.stdin.end(JSON.stringify(template));
    const code = await new Promise((resolve) => peer.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      caller: 'arn:aws:iam::123456789012:user/local',
      parameter: {
        Name: '/a/b',
        Value: 'one & <two>',
        Version: 1,
        ARN: 'arn:aws:ssm:us-west-2:123456789012:parameter/a/b',
      },
      parametersByPath: ['/a/b'],
      noParameter: ['ParameterNotFound', 400],
      object: ['body of b & <c>+é', 'text/plain', { own: 'value' }, expect.stringMatching(/^"[0-9a-f]{32}"$/)],
      head: 11,
      list: ['a/1', 'a/2', 'b & <c>+é'],
      pages: [['a/1', 'a/2'], ['b & <c>+é']],
      multipart: 'AAABBB',
      notEmpty: ['BucketNotEmpty', 409],
      noBucket: ['NoSuchBucket', 404],
      stack: [
        'Peer',
        'CREATE_COMPLETE',
        [{ Key: 'team', Value: 'chat & <co>' }],
        [{ ParameterKey: 'Secret', ParameterValue: '****' }],
        ['CAPABILITY_IAM'],
      ],
      outputs: { Function: 'the-function', Thing: 'thing & <co>', Length: '7' },
      resource: ['Custom::Thing', 'thing & <co>', 'CREATE_COMPLETE'],
      resources: ['Function', 'Role', 'Thing'],
      template: true,
      events: true,
      noStack: ['ValidationError', 400],
      noUpdate: ['ValidationError', 400],
      invoke: [200, '$LATEST', { said: 'hi' }],
      failure: ['Unhandled', 'boom'],
      configuration: { Runtime: 'nodejs22.x', Handler: 'index.handler', Timeout: 3, State: 'Active' },
      noFunction: ['ResourceNotFoundException', 404],
      logged: true,
      noLogGroup: ['ResourceNotFoundException', 400],
      deleted: 'DELETE_COMPLETE',
    });
  } finally {
    await deploy.close();
  }
});
