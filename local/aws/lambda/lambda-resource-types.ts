import { randomUUID } from 'node:crypto';
import { ResourceFailure, type Properties, type ResourceContext } from '../cloudformation/resource-handler';
import { isObject } from '../cloudformation/templates/template';
import type { FunctionCode } from './function-code';
import type { FunctionConfiguration, LayerContent } from './function-configuration';
import type { FunctionUrls } from './function-urls';
import { nameOf, type LambdaFunctions } from './lambda-functions';
import type { Roles } from '../iam/roles';
import { physicalName } from '../cloudformation/physical-name';
import { tagsOf, type ResourceTypes } from '../cloudformation/resource-type';

export interface LambdaResourceTypesOptions {
  readonly functions: LambdaFunctions;
  readonly urls: FunctionUrls;
  readonly roles: Roles;
  readonly code: FunctionCode;
}

export function lambdaResourceTypes(options: LambdaResourceTypesOptions): ResourceTypes {
  const { functions, urls, roles, code: functionCode } = options;
  const layers = new Map<string, LayerContent>();
  /** The number of the latest version of a layer, by name. A number is not used again. */
  const layerVersions = new Map<string, number>();

  const configurationOf = (name: string, properties: Properties, context: ResourceContext): FunctionConfiguration => {
    const code = isObject(properties.Code) ? properties.Code : {};
    const runtime = String(properties.Runtime ?? '');
    if (properties.PackageType === 'Image' || code.ImageUri !== undefined) {
      throw new ResourceFailure(
        'Container images are not supported by the local service. Package the function as a zip file.',
      );
    }
    if (!/^nodejs\d+\.x$/.test(runtime)) {
      throw new ResourceFailure(`Runtime '${runtime}' is not supported by the local service, only nodejs runtimes.`);
    }
    if (typeof properties.Handler !== 'string') {
      throw new ResourceFailure('Handler is required for a function that is packaged as a zip file.');
    }
    const roleArn = String(properties.Role);
    if (!roles.get(roleArn)) {
      throw new ResourceFailure(
        `The role ${roleArn} does not exist. The role defined for the function cannot be assumed by Lambda.`,
      );
    }
    const environment =
      isObject(properties.Environment) && isObject(properties.Environment.Variables)
        ? properties.Environment.Variables
        : {};
    const logging = isObject(properties.LoggingConfig) ? properties.LoggingConfig : {};
    return {
      name,
      version: '$LATEST',
      arn: functions.arnOf(name),
      description: String(properties.Description ?? ''),
      roleArn,
      runtime,
      handler: properties.Handler,
      timeoutSeconds: inRange('Timeout', properties.Timeout ?? 3, 1, 900),
      memorySize: inRange('MemorySize', properties.MemorySize ?? 128, 128, 10_240),
      environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])),
      architectures: Array.isArray(properties.Architectures) ? properties.Architectures.map(String) : ['x86_64'],
      logGroupName: String(logging.LogGroup ?? `/aws/lambda/${name}`),
      logFormat: logging.LogFormat === 'JSON' ? 'JSON' : 'Text',
      layers: (Array.isArray(properties.Layers) ? properties.Layers : []).map((arn) => {
        const layer = layers.get(String(arn));
        if (!layer) throw new ResourceFailure(`Layer version ${String(arn)} does not exist.`);
        return layer;
      }),
      reservedConcurrency:
        properties.ReservedConcurrentExecutions === undefined
          ? undefined
          : Number(properties.ReservedConcurrentExecutions),
      ...(code.ZipFile === undefined ? functionCode.unpack(code) : functionCode.inline(String(code.ZipFile))),
      lastModified: new Date(),
      revisionId: randomUUID(),
      tags: tagsOf(properties, context),
    };
  };

  return {
    'AWS::Lambda::Function': {
      required: ['Code', 'Role'],
      createOnly: ['FunctionName', 'PackageType'],
      create: (properties, context) => {
        const name = properties.FunctionName === undefined ? physicalName(context) : String(properties.FunctionName);
        if (functions.exists(name)) throw new ResourceFailure(`${name} already exists`);
        functions.put(configurationOf(name, properties, context));
        return { physicalId: name, attributes: { Arn: functions.arnOf(name) } };
      },
      update: (properties, { physicalId }, context) => functions.put(configurationOf(physicalId, properties, context)),
      delete: ({ physicalId }) => functions.remove(physicalId),
    },
    'AWS::Lambda::Permission': {
      required: ['Action', 'FunctionName', 'Principal'],
      createOnly: '*',
      create: (properties, context) => {
        const physicalId = physicalName(context, 100);
        functions.addPermission(String(properties.FunctionName), {
          Sid: physicalId,
          Effect: 'Allow',
          Principal: principal(String(properties.Principal)),
          Action: String(properties.Action),
          Resource: functions.configuration(String(properties.FunctionName)).arn,
          ...permissionCondition(properties),
        });
        return { physicalId, attributes: { Id: physicalId } };
      },
      delete: ({ physicalId, properties }) => functions.removePermission(String(properties.FunctionName), physicalId),
    },
    'AWS::Lambda::Url': {
      required: ['AuthType', 'TargetFunctionArn'],
      createOnly: ['TargetFunctionArn', 'Qualifier'],
      create: async (properties) => {
        const { arn } = functions.configuration(String(properties.TargetFunctionArn));
        const functionArn = properties.Qualifier === undefined ? arn : `${arn}:${String(properties.Qualifier)}`;
        return {
          physicalId: functionArn,
          attributes: { FunctionArn: functionArn, FunctionUrl: await urls.open(functionArn, properties) },
        };
      },
      update: (properties, { physicalId }) => urls.configure(physicalId, properties),
      delete: ({ physicalId }) => urls.close(physicalId),
    },
    'AWS::Lambda::Version': {
      required: ['FunctionName'],
      createOnly: '*',
      create: async (properties) => {
        const { arn, version } = functions.publish(
          String(properties.FunctionName),
          String(properties.Description ?? ''),
        );
        await functions.provision(arn, version, provisionedConcurrency(properties));
        return { physicalId: `${arn}:${version}`, attributes: { Version: version, FunctionArn: `${arn}:${version}` } };
      },
      delete: ({ properties, attributes }) =>
        functions.removeVersion(String(properties.FunctionName), String(attributes.Version)),
    },
    'AWS::Lambda::Alias': {
      required: ['FunctionName', 'FunctionVersion', 'Name'],
      createOnly: ['FunctionName', 'Name'],
      create: async (properties) => {
        const arn = await setAlias(functions, properties);
        return { physicalId: arn, attributes: { AliasArn: arn } };
      },
      update: async (properties) => void await setAlias(functions, properties),
      delete: ({ properties }) => {
        const { name } = nameOf(String(properties.FunctionName));
        if (functions.exists(name)) functions.setAlias(name, String(properties.Name), undefined);
      },
    },
    'AWS::Lambda::EventInvokeConfig': {
      required: ['FunctionName', 'Qualifier'],
      createOnly: ['FunctionName', 'Qualifier'],
      create: (properties, context) => {
        setEventInvoke(functions, properties);
        return { physicalId: physicalName(context) };
      },
      update: (properties) => setEventInvoke(functions, properties),
      delete: ({ properties }) =>
        functions.setEventInvokeConfiguration(String(properties.FunctionName), String(properties.Qualifier), undefined),
    },
    'AWS::Lambda::LayerVersion': {
      required: ['Content'],
      createOnly: '*',
      create: (properties, context) => {
        const name = String(properties.LayerName ?? physicalName(context));
        const { codeDirectory: directory } = functionCode.unpack(properties.Content as Properties);
        const version = (layerVersions.get(name) ?? 0) + 1;
        layerVersions.set(name, version);
        const arn = `arn:aws:lambda:${context.region}:${context.accountId}:layer:${name}:${version}`;
        layers.set(arn, { arn, directory });
        return { physicalId: arn, attributes: { LayerVersionArn: arn } };
      },
      delete: ({ physicalId }) => void layers.delete(physicalId),
    },
  };
}

function setEventInvoke(functions: LambdaFunctions, properties: Properties): void {
  const number = (value: unknown) => (value === undefined ? undefined : Number(value));
  functions.setEventInvokeConfiguration(String(properties.FunctionName), String(properties.Qualifier), {
    maximumRetryAttempts: number(properties.MaximumRetryAttempts),
    maximumEventAgeInSeconds: number(properties.MaximumEventAgeInSeconds),
  });
}

function inRange(name: string, value: unknown, minimum: number, maximum: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= minimum && number <= maximum) return number;
  throw new ResourceFailure(`Value '${String(value)}' of ${name} must be between ${minimum} and ${maximum}`);
}

function principal(value: string): '*' | { readonly [kind: string]: string } {
  if (value === '*') return '*';
  if (/^\d{12}$/.test(value)) return { AWS: `arn:aws:iam::${value}:root` };
  return value.startsWith('arn:') ? { AWS: value } : { Service: value };
}

function permissionCondition(properties: Properties) {
  const equals: Record<string, string> = {};
  if (properties.SourceAccount !== undefined) equals['AWS:SourceAccount'] = String(properties.SourceAccount);
  if (properties.FunctionUrlAuthType !== undefined) {
    equals['lambda:FunctionUrlAuthType'] = String(properties.FunctionUrlAuthType);
  }
  if (properties.PrincipalOrgID !== undefined) equals['aws:PrincipalOrgID'] = String(properties.PrincipalOrgID);
  const condition = {
    ...(Object.keys(equals).length ? { StringEquals: equals } : {}),
    ...(properties.SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': String(properties.SourceArn) } }),
    ...(properties.InvokedViaFunctionUrl === undefined
      ? {}
      : { Bool: { 'lambda:InvokedViaFunctionUrl': String(properties.InvokedViaFunctionUrl) } }),
  };
  return Object.keys(condition).length ? { Condition: condition } : {};
}

/** Creates or changes an alias, and returns its ARN. */
async function setAlias(functions: LambdaFunctions, properties: Properties): Promise<string> {
  const { arn } = functions.configuration(String(properties.FunctionName));
  const name = String(properties.Name);
  functions.setAlias(arn, name, String(properties.FunctionVersion));
  await functions.provision(arn, name, provisionedConcurrency(properties));
  return `${arn}:${name}`;
}

function provisionedConcurrency({ ProvisionedConcurrencyConfig = {} }: Properties): number {
  return Number((ProvisionedConcurrencyConfig as Properties).ProvisionedConcurrentExecutions ?? 0);
}
