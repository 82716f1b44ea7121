/**
 * Synthesizes a stack and prints the duration and the CPU time of the process, in milliseconds.
 *
 *     node measure.cjs function,ChatRoom COUNT
 */
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..', '..');
const props = { maximumMessageLength: 300 };

/** Each subject loads only the modules that it needs, and returns a function that adds a resource to a stack. */
const subjects = {
  'function': () => {
    const lambda = require('aws-cdk-lib/aws-lambda');
    const code = lambda.Code.fromAsset(join(root, 'assets', 'custom-resource'));
    return (stack, id) => new lambda.Function(stack, id, {
      runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code,
    });
  },
  // A custom resource without this library: its first use adds a function with a log group and a policy.
  'CustomResource': () => {
    const { CustomResource, Duration } = require('aws-cdk-lib');
    const { PolicyStatement } = require('aws-cdk-lib/aws-iam');
    const lambda = require('aws-cdk-lib/aws-lambda');
    const { LogGroup } = require('aws-cdk-lib/aws-logs');
    let provider;
    return (stack, id) => {
      provider ??= new lambda.Function(stack, 'Provider', {
        runtime: lambda.Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: lambda.Code.fromAsset(join(root, 'assets', 'custom-resource')),
        logGroup: new LogGroup(stack, 'LogGroup'),
        initialPolicy: [new PolicyStatement({ actions: ['ivschat:CreateRoom'], resources: ['*'] })],
      });
      return new CustomResource(stack, id, {
        resourceType: 'Custom::Room',
        serviceToken: provider.functionArn,
        serviceTimeout: Duration.minutes(20),
        properties: { Name: `Stack-${id}`, MaximumMessageLength: 300, Tags: { team: 'chat' } },
      });
    };
  },
  'CfnRoom': () => {
    const { CfnRoom } = require('aws-cdk-lib/aws-ivschat');
    return (stack, id) => new CfnRoom(stack, id, { ...props, tags: [{ key: 'team', value: 'chat' }] });
  },
  // The least that a construct for a room can do.
  'Resource with CfnRoom': () => {
    const { Names, Resource } = require('aws-cdk-lib');
    const { CfnRoom } = require('aws-cdk-lib/aws-ivschat');
    class Room extends Resource {
      constructor(scope, id) {
        super(scope, id);
        const name = Names.uniqueResourceName(this, { maxLength: 128, separator: '-', allowedSpecialCharacters: '-_' });
        const room = new CfnRoom(this, 'Resource', { ...props, name, tags: [{ key: 'team', value: 'chat' }] });
        this.roomArn = room.ref;
        this.roomId = room.attrId;
      }
    }
    return (stack, id) => new Room(stack, id);
  },
  'ChatRoom': () => {
    const { ChatRoom } = require(root);
    return (stack, id) => new ChatRoom(stack, id, { ...props, tags: { team: 'chat' } });
  },
};

const [names, count] = process.argv.slice(2);
const { App, Stack } = require('aws-cdk-lib');
const outdir = mkdtempSync(join(tmpdir(), 'bench-synthesis-'));
process.on('exit', () => rmSync(outdir, { recursive: true }));
const app = new App({ outdir });
const stack = new Stack(app, 'Stack', { env: { region: 'us-west-2', account: '123456789012' } });
for (const name of names.split(',')) {
  const add = subjects[name]();
  for (let index = 0; index < Number(count); index++) add(stack, `${name.replaceAll(' ', '')}${index}`);
}
app.synth();

const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ milliseconds: performance.now(), cpu: (user + system) / 1000 }));
