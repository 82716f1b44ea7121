import { randomUUID } from 'node:crypto';
import type { FunctionConfiguration } from './function-configuration';
import type { CodeLocation, FunctionCode, UnpackedCode } from './function-code';
import type { FunctionUrls } from './function-urls';
import { nameOf, type LambdaFunctions } from './lambda-functions';
import { ServiceError } from '../http/service-error';
import { authorize, notImplemented, type Service, type ServiceRequest, type ServiceResponse } from '../http/service';

const json = { 'content-type': 'application/json' };

/** Creates the Lambda API: describing and invoking functions, and the updates of `cdk deploy --hotswap`. */
export function lambdaService(functions: LambdaFunctions, urls: FunctionUrls, code: FunctionCode): Service {
  const routes: { readonly [route: string]: Route } = {
    'GET ': {
      operation: 'GetFunction',
      action: 'lambda:GetFunction',
      run: (name, { query }) => {
        const configuration = functions.configuration(name, query.get('Qualifier') ?? undefined);
        return ok({
          Configuration: described(configuration),
          Code: { RepositoryType: 'S3', Location: '' },
          Tags: configuration.tags,
        });
      },
    },
    'GET /configuration': {
      operation: 'GetFunctionConfiguration',
      action: 'lambda:GetFunctionConfiguration',
      run: (name, { query }) => ok(described(functions.configuration(name, query.get('Qualifier') ?? undefined))),
    },
    'GET /policy': {
      operation: 'GetPolicy',
      action: 'lambda:GetPolicy',
      run: (name) => {
        const policy = functions.policy(name);
        if (policy.Statement.length === 0) {
          throw new ServiceError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
        }
        return ok({ Policy: JSON.stringify(policy), RevisionId: functions.configuration(name).revisionId });
      },
    },
    'GET /url': {
      operation: 'GetFunctionUrlConfig',
      action: 'lambda:GetFunctionUrlConfig',
      run: (_, __, functionArn) => {
        const url = urls.urlOf(functionArn);
        if (!url) {
          throw new ServiceError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
        }
        return ok({ FunctionArn: functionArn, FunctionUrl: url });
      },
    },
    'PUT /code': {
      operation: 'UpdateFunctionCode',
      action: 'lambda:UpdateFunctionCode',
      run: (name, { body }) => {
        const input = JSON.parse(body.toString('utf8')) as { ZipFile?: string; S3Bucket?: string; S3Key?: string };
        const location = input.ZipFile === undefined ? input : { zip: Buffer.from(input.ZipFile, 'base64') };
        return changed(functions, name, unpacked(code, location));
      },
    },
    'PUT /configuration': {
      operation: 'UpdateFunctionConfiguration',
      action: 'lambda:UpdateFunctionConfiguration',
      run: (name, { body }) => {
        const { Environment, Description, ...others } = JSON.parse(body.toString('utf8')) as {
          Environment?: { Variables?: FunctionConfiguration['environment'] };
          Description?: string;
          [name: string]: unknown;
        };
        const unknown = Object.keys(others).filter(
          (property) => property !== 'FunctionName' && property !== 'RevisionId',
        );
        if (unknown.length) throw notImplemented('lambda', `UpdateFunctionConfiguration of ${unknown.join(', ')}`);
        return changed(functions, name, {
          ...(Environment ? { environment: Environment.Variables ?? {} } : {}),
          ...(Description === undefined ? {} : { description: Description }),
        });
      },
    },
    'POST /invocations': {
      operation: 'Invoke',
      action: 'lambda:InvokeFunction',
      run: (name, request) => invoke(functions, name, request),
    },
  };

  return {
    signingName: 'lambda',
    errors: 'json',
    handle: async (request): Promise<ServiceResponse> => {
      const [, name = '', rest = ''] = /^\/20\d\d-\d\d-\d\d\/functions\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
      const route = `${request.method} ${rest}`;
      const found = name && Object.hasOwn(routes, route) ? routes[route] : undefined;
      if (!found) {
        throw Object.assign(notImplemented('lambda', `${request.method} ${request.path}`), { operation: route });
      }
      try {
        const nameOrArn = decodeURIComponent(name);
        const { arn } = functions.configuration(nameOrArn, '$LATEST');
        const qualifier = request.query.get('Qualifier') ?? nameOf(nameOrArn).qualifier;
        // A policy for the ARN of a function does not cover its versions and aliases.
        const functionArn = qualifier === undefined ? arn : `${arn}:${qualifier}`;
        authorize(request.identity, found.action, functionArn, {}, 'AccessDeniedException');
        return { operation: found.operation, ...(await found.run(nameOrArn, request, functionArn)) };
      } catch (error) {
        throw Object.assign(error as Error, { operation: found.operation });
      }
    },
    refuse: ({ code: errorCode, message, status: statusCode }) => ({
      statusCode,
      headers: { ...json, 'x-amzn-errortype': errorCode },
      body: JSON.stringify({ Type: statusCode >= 500 ? 'Service' : 'User', Message: message, message }),
    }),
  };
}

type ServiceResult = Omit<ServiceResponse, 'operation'>;

interface Route {
  readonly operation: string;
  readonly action: string;
  /** @param functionArn The ARN of the function, with the version or alias that the request names. */
  run(name: string, request: ServiceRequest, functionArn: string): ServiceResult | Promise<ServiceResult>;
}

function ok(value: unknown): ServiceResult {
  return { statusCode: 200, headers: json, body: JSON.stringify(value) };
}

/** @throws InvalidParameterValueException if the object does not exist or is not a zip file. */
function unpacked(code: FunctionCode, location: CodeLocation): UnpackedCode {
  try {
    return code.unpack(location);
  } catch (error) {
    throw new ServiceError('InvalidParameterValueException', (error as Error).message);
  }
}

function changed(functions: LambdaFunctions, name: string, change: Partial<FunctionConfiguration>): ServiceResult {
  functions.put({
    ...functions.configuration(name, '$LATEST'),
    ...change,
    lastModified: new Date(),
    revisionId: randomUUID(),
  });
  return ok(described(functions.configuration(name, '$LATEST')));
}

async function invoke(
  functions: LambdaFunctions,
  name: string,
  { headers, body, query, requestId }: ServiceRequest,
): Promise<ServiceResult> {
  const payload = body.toString('utf8') || '{}';
  const qualifier = query.get('Qualifier') ?? undefined;
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new ServiceError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type === 'DryRun') return { statusCode: 204 };
  if (type === 'Event') {
    void functions.invokeAsynchronously(name, payload, qualifier);
    return { statusCode: 202 };
  }
  const clientContext = headers['x-amz-client-context'];
  const result = await functions.invoke(name, payload, {
    qualifier,
    requestId,
    clientContext:
      clientContext === undefined
        ? undefined
        : JSON.parse(Buffer.from(String(clientContext), 'base64').toString('utf8')),
  });
  return {
    statusCode: 200,
    headers: {
      ...json,
      'x-amz-executed-version': result.executedVersion,
      ...(result.functionError ? { 'x-amz-function-error': result.functionError } : {}),
    },
    body: result.payload,
  };
}

function described(configuration: FunctionConfiguration) {
  const { name, version, arn } = configuration;
  return {
    FunctionName: name,
    FunctionArn: version === '$LATEST' ? arn : `${arn}:${version}`,
    Runtime: configuration.runtime,
    Role: configuration.roleArn,
    Handler: configuration.handler,
    CodeSize: configuration.codeSize,
    Description: configuration.description,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memorySize,
    LastModified: configuration.lastModified.toISOString().replace('Z', '+0000'),
    CodeSha256: configuration.codeSha256,
    Version: version,
    Environment: { Variables: configuration.environment },
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: configuration.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: configuration.architectures,
    EphemeralStorage: { Size: 512 },
    LoggingConfig: { LogFormat: configuration.logFormat, LogGroup: configuration.logGroupName },
    Layers: configuration.layers.map(({ arn: Arn }) => ({ Arn })),
  };
}
