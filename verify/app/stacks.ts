import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App, CfnOutput, CliCredentialsStackSynthesizer, CustomResource, Duration, Fn, RemovalPolicy, Stack, type StackProps,
} from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import { ChatRoom, FallbackResult, LoggingConfiguration, LoggingDestination, MessageReviewHandler } from '../../src';
import { ownershipTags } from '../../src/contract/ownership-tags';

/** The state of the stacks that a step of the verification deploys. */
export interface Scenario {
  /** The prefix of all names. */
  readonly run: string;
  readonly stack: 'main' | 'no-rollback' | 'adoption';
  /** The number of recorders in the main stack. */
  readonly recorders?: number;
  /** The maximum message length of the lobby. Updates change it. */
  readonly maximumMessageLength?: number;
  /** The retained room: `own` if the stack creates it, `out` if it is not in the stack, or its ARN to adopt it. */
  readonly kept?: string;
  /** Whether the stack has the policy and the permission that the probes wait for. */
  readonly fresh?: boolean;
  /** The duration of an update of the slow recorder, in seconds. */
  readonly slow?: number;
  readonly roomName?: string;
  /** The ARN of the room that the stack `adoption` adopts. */
  readonly adopt?: string;
}

export const stackName = ({ run, stack }: Pick<Scenario, 'run' | 'stack'>) => `${run}-${stack}`;
export const assetBucketName = (run: string) => `${run}-assets`;

/** Bundles the two functions of the application, and returns their folder. */
export function bundleFunctions(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'verify-functions-'));
  for (const name of ['recorder', 'review']) {
    const [entryPoints, outfile] = [[join(__dirname, `${name}.ts`)], join(outdir, name, 'index.js')];
    buildSync({ entryPoints, outfile, bundle: true, platform: 'node', target: 'node22', logLevel: 'warning' });
  }
  return outdir;
}

/** Synthesizes one stack, and returns the folder of the cloud assembly. */
export function synthesize(scenario: Scenario, functions: string, env: StackProps['env']): string {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'verify-assembly-')), analyticsReporting: false });
  const Type = { 'main': MainStack, 'no-rollback': NoRollbackStack, 'adoption': AdoptionStack }[scenario.stack];
  // Assets go to a bucket of the run, so that the account need not be bootstrapped.
  const synthesizer = new CliCredentialsStackSynthesizer({ fileAssetsBucketName: assetBucketName(scenario.run) });
  new Type(app, stackName(scenario), scenario, functions, { env, synthesizer });
  return app.synth().directory;
}

const shortLived = { removalPolicy: RemovalPolicy.DESTROY, retention: logs.RetentionDays.ONE_DAY };

class VerificationStack extends Stack {
  private recorder?: lambda.Function;

  constructor(
    scope: Construct,
    id: string,
    protected readonly scenario: Scenario,
    private readonly functions: string,
    props: StackProps,
  ) {
    super(scope, id, props);
  }

  protected function(id: string, source: 'recorder' | 'review', timeout: Duration): lambda.Function {
    const logGroup = new logs.LogGroup(this, `${id}Logs`, shortLived);
    return new lambda.Function(this, id, {
      runtime: lambda.Runtime.NODEJS_24_X,
      code: lambda.Code.fromAsset(join(this.functions, source)),
      handler: 'index.handler',
      memorySize: 512,
      timeout,
      logGroup,
    });
  }

  protected record(
    id: string, properties: { Generation?: number; Fail?: string; DelayInSeconds?: number } = {},
  ): CustomResource {
    if (!this.recorder) {
      this.recorder = this.function('Recorder', 'recorder', Duration.minutes(5));
      const actions = ['cloudformation:DescribeStackResource'];
      this.recorder.addToRolePolicy(new iam.PolicyStatement({ actions, resources: [this.stackId] }));
      this.output('RecorderLogs', this.recorder.logGroup.logGroupName);
    }
    const resource = new CustomResource(this, id, {
      resourceType: 'Custom::Recorder',
      serviceToken: this.recorder.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties,
    });
    // CloudFormation can delete a policy before resources that do not depend on it.
    resource.node.addDependency(this.recorder);
    return resource;
  }

  protected output(id: string, value: string): void {
    new CfnOutput(this, `Output${id}`, { value });
  }
}

class MainStack extends VerificationStack {
  constructor(scope: Construct, id: string, scenario: Scenario, functions: string, props: StackProps) {
    super(scope, id, scenario, functions, props);
    const { run, maximumMessageLength = 100, kept = 'own', fresh, slow, recorders = 0 } = scenario;
    const lobby = new ChatRoom(this, 'Lobby', {
      roomName: `${run}-lobby`, maximumMessageLength, tags: { team: 'verify' },
    });
    this.output('Lobby', lobby.roomArn);
    if (kept === 'own') {
      const room = new ChatRoom(this, 'Kept', { roomName: `${run}-kept`, removalPolicy: RemovalPolicy.RETAIN });
      this.output('Kept', room.roomArn);
    } else if (kept !== 'out') {
      const room = new ChatRoom(this, 'Adopted', { existingRoom: ChatRoom.fromRoomArn(this, 'KeptBefore', kept) });
      this.output('Adopted', room.roomArn);
    }

    for (let number = 0; number < recorders; number++) {
      this.record(`Recorder${number}`, { Generation: maximumMessageLength });
    }
    const last = this.record('Slow', { DelayInSeconds: slow ?? 0 });
    last.node.addDependency(lobby);

    this.logDestinations();
    this.review(run, fresh);
    this.roles(fresh);
  }

  private logDestinations(): void {
    const bucket = new s3.Bucket(this, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY });
    const logGroup = new logs.LogGroup(this, 'ChatLogs', shortLived);
    const toBucket = new firehose.S3Bucket(bucket, { loggingConfig: new firehose.DisableLogging() });
    const stream = new firehose.DeliveryStream(this, 'Stream', { destination: toBucket });
    const destinations = {
      S3: LoggingDestination.s3(bucket),
      CloudWatchLogs: LoggingDestination.cloudWatchLogs(logGroup),
      Firehose: LoggingDestination.firehose(stream),
    };
    for (const [name, destination] of Object.entries(destinations)) {
      this.output(name, new LoggingConfiguration(this, name, { destination }).loggingConfigurationArn);
    }
    this.output('Bucket', bucket.bucketName);
  }

  private review(run: string, fresh?: boolean): void {
    const alias = this.function('Review', 'review', Duration.seconds(3)).addAlias('live');
    const reviewed = new ChatRoom(this, 'Reviewed', {
      roomName: `${run}-reviewed`,
      messageReviewHandler: MessageReviewHandler.lambdaFunction(alias, { fallbackResult: FallbackResult.ALLOW }),
    });
    this.output('Reviewed', reviewed.roomArn);
    this.output('ReviewAlias', alias.functionArn);

    const freshReview = this.function('FreshReview', 'review', Duration.seconds(3));
    this.output('FreshReview', freshReview.functionArn);
    if (fresh) {
      const principal = new iam.ServicePrincipal('ivschat.amazonaws.com');
      freshReview.addPermission('FreshPermission', { principal, sourceAccount: this.account });
    }
  }

  /** Adds the roles with few permissions. The credentials of the run assume them. */
  private roles(fresh?: boolean): void {
    const role = (id: string) => {
      const made = new iam.Role(this, id, { assumedBy: new iam.AccountRootPrincipal() });
      this.output(id, made.roleArn);
      return made;
    };
    const allowed = (actions: string[], conditions?: iam.PolicyStatementProps['conditions']) =>
      new iam.PolicyStatement({ actions: actions.map((action) => `ivschat:${action}`), resources: ['*'], conditions });
    role('WithoutTagging').addToPolicy(allowed(['CreateRoom', 'ListRooms']));
    const onlyTagged = role('OnlyTagged');
    onlyTagged.addToPolicy(allowed(['ListRooms']));
    const tagged = { StringLike: { [`aws:ResourceTag/${ownershipTags.owner}`]: 'verify/*' } };
    onlyTagged.addToPolicy(allowed(['GetRoom', 'DeleteRoom'], tagged));
    const freshRole = role('FreshRole');
    if (fresh) new iam.Policy(this, 'FreshPolicy', { roles: [freshRole], statements: [allowed(['ListRooms'])] });
  }
}

/** A stack with a room name that only the handler of the custom resource can check. */
class NoRollbackStack extends VerificationStack {
  constructor(scope: Construct, id: string, scenario: Scenario, functions: string, props: StackProps) {
    super(scope, id, scenario, functions, props);
    new ChatRoom(this, 'Room', { roomName: Fn.sub(scenario.roomName!) });
  }
}

/** A stack that adopts a room and then fails. */
class AdoptionStack extends VerificationStack {
  constructor(scope: Construct, id: string, scenario: Scenario, functions: string, props: StackProps) {
    super(scope, id, scenario, functions, props);
    const existingRoom = ChatRoom.fromRoomArn(this, 'Before', scenario.adopt!);
    const room = new ChatRoom(this, 'Room', { existingRoom, maximumMessageLength: 42 });
    this.record('Fails', { Fail: 'yes' }).node.addDependency(room);
  }
}
