import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleFunctions, assetBucketName, stackName, synthesize, type Scenario } from './app/stacks';
import { Aws, elements } from './aws';
import { deleteStack } from './delete-stack';
import type { Target } from './target';
import { cdk } from '../examples/live-chat/cdk-cli';
import { Ivschat } from '../lambda/client';

export interface KitOptions {
  /** The number of rooms over which delays are measured. */
  readonly creates: number;
  readonly signal: AbortSignal;
  /** Prints a line of progress. */
  readonly say: (line: string) => void;
}

/** The tools of the probes, and the record of everything that they create. */
export class Kit {
  /** The prefix of the names of everything that this run creates. */
  readonly run = `cdk-ivs-chat-verify-${randomBytes(4).toString('hex')}`;
  readonly aws: Aws;
  readonly client: Ivschat;
  /** Sends inputs without checking the constraints of the service. */
  readonly uncheckedClient: Ivschat;
  readonly stacks = new Set<string>();
  readonly rooms = new Set<string>();
  readonly loggingConfigurations = new Set<string>();
  private readonly folders = new Set<string>();
  private readonly results = new Map<string, Promise<any>>();

  constructor(readonly target: Target, readonly options: KitOptions) {
    this.aws = new Aws(target);
    this.client = this.clientOf(this.aws);
    this.uncheckedClient = this.clientOf(this.aws, { validateInput: false });
  }

  clientOf({ place }: Aws, options: { validateInput?: boolean } = {}): Ivschat {
    const { region, credentials, endpoints } = place;
    const endpoint = endpoints.ivsChat ?? `https://ivschat.${region}.amazonaws.com`;
    return new Ivschat({ region, credentials, endpoint, maxAttempts: 8, ...options });
  }

  readonly pause = async (milliseconds: number): Promise<void> => {
    const { signal } = this.options;
    await sleep(this.target.isLocal ? Math.min(milliseconds, 20) : milliseconds, undefined, { signal });
  };

  /** Does the work at the first call, and returns the same result for every later call with the name. */
  once<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    if (!this.results.has(name)) this.results.set(name, work());
    return this.results.get(name)!;
  }

  /** Waits until a condition is true, and returns the duration in milliseconds. */
  async until(what: string, isTrue: () => Promise<unknown>, seconds = 60): Promise<number> {
    const start = Date.now();
    while (!(await isTrue())) {
      if (Date.now() - start > seconds * 1000) throw new Error(`${what}: not within ${seconds} s`);
      await this.pause(500);
    }
    return Date.now() - start;
  }

  async createRoom(input: Parameters<Ivschat['createRoom']>[0] = {}): Promise<string> {
    const { arn } = await this.client.createRoom({ name: `${this.run}-room`, ...input });
    this.rooms.add(arn!);
    return arn!;
  }

  /** Returns the ARN of a room that does not exist. */
  absentRoom({ region = this.target.region, account = this.target.accountId } = {}): string {
    return `arn:aws:ivschat:${region}:${account}:room/AAAAAAAAAAAA`;
  }

  /** Deploys with the CDK CLI. Throws an error with the output of the CLI if the deployment fails. */
  async deploy(scenario: Omit<Scenario, 'run'>, ...options: string[]): Promise<void> {
    const functions = await this.once('functions', async () => this.temporary(bundleFunctions()));
    await this.once('asset bucket', () => this.createAssetBucket());
    const { accountId: account, region, environment } = this.target;
    const assembly = this.temporary(synthesize({ run: this.run, ...scenario }, functions, { account, region }));
    const name = stackName({ run: this.run, ...scenario });
    this.stacks.add(name);
    const method = this.target.isLocal ? ['--method', 'direct'] : []; // without the waits for change sets
    const common = ['--app', assembly, '--require-approval', 'never', '--progress', 'events'];
    await cdk(['deploy', name, ...common, ...method, ...options], {
      environment,
      signal: this.options.signal,
      print: (line) => {
        if (/(COMPLETE|FAILED) .*(Custom::|CloudFormation::Stack)/.test(line)) this.options.say(`  ${line.trim()}`);
      },
    });
  }

  async destroy(stack: Scenario['stack']): Promise<void> {
    await deleteStack(this.aws, this.target, stackName({ run: this.run, stack }));
  }

  async outputs(stack: Scenario['stack']): Promise<{ readonly [name: string]: string }> {
    const xml = await this.aws.query('cloudformation', 'DescribeStacks', this.named(stack));
    const outputs = xml.split('</member>')
      .map((text) => [/<OutputKey>Output(\w+)</.exec(text)?.[1], /<OutputValue>([^<]*)</.exec(text)?.[1]]);
    return Object.fromEntries(outputs.filter(([key]) => key));
  }

  /** Returns an output of the main stack, which an earlier probe has deployed. */
  async output(name: string): Promise<string> {
    const isDeployed = this.stacks.has(stackName({ run: this.run, stack: 'main' }));
    const value = isDeployed ? (await this.outputs('main'))[name] : undefined;
    if (!value) throw new Error(`the main stack has no output ${name}, because an earlier step failed`);
    return value;
  }

  /** Returns the events of a stack, the oldest first. */
  async events(stack: Scenario['stack']): Promise<{ readonly [field: string]: string }[]> {
    const events = [];
    let token: string | undefined;
    do {
      const input = { ...this.named(stack), ...(token ? { NextToken: token } : {}) };
      const xml = await this.aws.query('cloudformation', 'DescribeStackEvents', input);
      events.push(...elements(xml, 'member'));
      token = /<NextToken>([^<]+)</.exec(xml)?.[1];
    } while (token);
    return events.reverse();
  }

  /** Returns the JSON records in a log group. Lambda writes other text before them. */
  async logged(logGroupName: string): Promise<any[]> {
    const records = [];
    let nextToken: string | undefined;
    do {
      const page = await this.aws.logs('FilterLogEvents', { logGroupName, ...(nextToken ? { nextToken } : {}) });
      for (const { message } of page.events) {
        const json = /\{.*\}/s.exec(message)?.[0];
        try {
          records.push(JSON.parse(json ?? ''));
        } catch {
          // Lambda wrote this line.
        }
      }
      ({ nextToken } = page);
    } while (nextToken);
    return records;
  }

  /** Returns the log records of the provider function of a stack. */
  async providerLog(stack: Scenario['stack']): Promise<any[]> {
    const xml = await this.aws.query('cloudformation', 'DescribeStackResources', this.named(stack));
    const resources = elements(xml, 'member');
    const logGroup = resources.find(({ ResourceType, LogicalResourceId }) =>
      ResourceType === 'AWS::Logs::LogGroup' && LogicalResourceId!.startsWith('IvsChat'));
    return this.logged(logGroup!.PhysicalResourceId!);
  }

  /** Closes connections and removes temporary files. */
  close(): void {
    this.client.destroy();
    this.uncheckedClient.destroy();
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
  }

  private named(stack: Scenario['stack']) {
    return { StackName: stackName({ run: this.run, stack }) };
  }

  private async createAssetBucket(): Promise<void> {
    const { region } = this.target;
    const configuration = '<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
      + `<LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
    await this.aws.s3('PUT', `/${assetBucketName(this.run)}`, region === 'us-east-1' ? undefined : configuration);
  }

  private temporary(folder: string): string {
    this.folders.add(folder);
    return folder;
  }
}
