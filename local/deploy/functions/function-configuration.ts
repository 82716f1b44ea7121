/** One version of a function: what it is, and where its code lies. */
export interface FunctionConfiguration {
  readonly name: string;
  readonly version: string;
  /** Without a version. */
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

/** How asynchronous invocations of a function are handled. */
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

/** What an invocation gave, as Lambda's Invoke answers it. */
export interface InvocationResult {
  readonly requestId: string;
  readonly executedVersion: string;
  /** JSON, as the function returned it, or the error that Lambda makes of its failure. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
}
