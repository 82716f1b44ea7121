/** The configuration and code of one version of a function. */
export interface FunctionConfiguration {
  readonly name: string;
  readonly version: string;
  /** The ARN without a version. */
  readonly arn: string;
  readonly description: string;
  readonly roleArn: string;
  readonly runtime: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memorySize: number;
  readonly environment: { readonly [name: string]: string };
  readonly architectures: readonly string[];
  readonly logGroupName: string;
  readonly logFormat: 'Text' | 'JSON';
  readonly layers: readonly LayerContent[];
  readonly reservedConcurrency?: number;
  readonly codeDirectory: string;
  readonly codeSize: number;
  readonly codeSha256: string;
  readonly lastModified: Date;
  readonly revisionId: string;
  readonly tags: { readonly [key: string]: string };
}

export interface LayerContent {
  readonly arn: string;
  readonly directory: string;
}

/** The settings for asynchronous invocations of a function. */
export interface EventInvokeConfiguration {
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeInSeconds?: number;
}

/** A statement of a function's resource-based policy. */
export interface PermissionStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*' | { readonly [kind: string]: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string } };
}

export interface FunctionPolicy {
  readonly Version: '2012-10-17';
  readonly Id: 'default';
  readonly Statement: readonly PermissionStatement[];
}

/** The result of an invocation. */
export interface InvocationResult {
  readonly requestId: string;
  readonly executedVersion: string;
  /** The return value or the error of the function, as JSON. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
}
