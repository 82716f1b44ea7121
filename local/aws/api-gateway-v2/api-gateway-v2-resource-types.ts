import { randomInt } from 'node:crypto';
import { ResourceFailure, type Properties } from '../cloudformation/resource-handler';
import type { ResourceType, ResourceTypes } from '../cloudformation/resource-type';
import { isObject } from '../cloudformation/templates/template';
import type { CorsConfiguration } from '../http/cors';
import type { Authorizer, HttpApi, Integration, Route, Stage, Throttle } from './http-api';
import type { HttpApis } from './http-apis';
import { isIdentitySource } from './identity-source';
import { parseRouteKey } from './route-key';

/** The resource types of HTTP APIs. WebSocket APIs and custom domain names are not available. */
export function apiGatewayV2ResourceTypes(apis: HttpApis): ResourceTypes {
  const apiOf = ({ ApiId }: Properties): HttpApi => {
    const api = apis.get(String(ApiId));
    if (!api) throw new ResourceFailure(`Invalid API identifier specified ${String(ApiId)}`);
    return api;
  };
  /** Returns a resource type for parts of an API. */
  const partOfApi = (
    attribute: string,
    definition: Pick<ResourceType, 'required'> & {
      put(api: HttpApi, id: string, properties: Properties): void;
      remove(api: HttpApi, id: string): void;
    },
  ): ResourceType => ({
    required: ['ApiId', ...(definition.required ?? [])],
    createOnly: ['ApiId'],
    create: (properties) => {
      const id = newId();
      definition.put(apiOf(properties), id, properties);
      return { physicalId: id, attributes: { [attribute]: id } };
    },
    update: (properties, { physicalId }) => {
      definition.put(apiOf(properties), physicalId, properties);
      apis.forgetAuthorizations(String(properties.ApiId));
    },
    delete: ({ physicalId, properties }) => {
      const api = apis.get(String(properties.ApiId));
      if (api) definition.remove(api, physicalId);
    },
  });

  return {
    'AWS::ApiGatewayV2::Api': {
      createOnly: ['ProtocolType'],
      create: async (properties) => {
        checkApi(properties);
        const api = await apis.create();
        api.cors = properties.CorsConfiguration as CorsConfiguration | undefined;
        return { physicalId: api.id, attributes: { ApiId: api.id, ApiEndpoint: api.endpoint } };
      },
      update: (properties, { physicalId }) => {
        checkApi(properties);
        apis.get(physicalId)!.cors = properties.CorsConfiguration as CorsConfiguration | undefined;
      },
      delete: ({ physicalId }) => apis.remove(physicalId),
    },
    'AWS::ApiGatewayV2::Route': partOfApi('RouteId', {
      required: ['RouteKey'],
      put: (api, id, properties) => api.routes.set(id, routeOf(api, id, properties)),
      remove: (api, id) => api.routes.delete(id),
    }),
    'AWS::ApiGatewayV2::Integration': partOfApi('IntegrationId', {
      required: ['IntegrationType'],
      put: (api, id, properties) => api.integrations.set(id, integrationOf(properties)),
      remove: (api, id) => api.integrations.delete(id),
    }),
    'AWS::ApiGatewayV2::Authorizer': partOfApi('AuthorizerId', {
      required: ['AuthorizerType', 'Name'],
      put: (api, id, properties) => api.authorizers.set(id, authorizerOf(id, properties)),
      remove: (api, id) => api.authorizers.delete(id),
    }),
    'AWS::ApiGatewayV2::Stage': {
      required: ['ApiId', 'StageName'],
      createOnly: ['ApiId', 'StageName'],
      create: (properties) => {
        const api = apiOf(properties);
        const stage = stageOf(properties);
        if (api.stages.has(stage.name)) throw new ResourceFailure(`Stage already exists: ${stage.name}`);
        api.stages.set(stage.name, stage);
        return { physicalId: stage.name };
      },
      update: (properties) => void apiOf(properties).stages.set(String(properties.StageName), stageOf(properties)),
      delete: ({ physicalId, properties }) => void apis.get(String(properties.ApiId))?.stages.delete(physicalId),
    },
    // A stage always has the current configuration of the API.
    'AWS::ApiGatewayV2::Deployment': partOfApi('DeploymentId', { put() {}, remove() {} }),
    'AWS::ApiGatewayV2::DomainName': refused('Custom domain names are'),
    'AWS::ApiGatewayV2::ApiMapping': refused('Custom domain names are'),
    'AWS::ApiGatewayV2::VpcLink': refused('VPC links are'),
  };
}

function refused(what: string): ResourceType {
  return {
    create: () => {
      throw new ResourceFailure(
        `${what} not supported by the local service. Leave this resource out of the stack when it is deployed locally.`,
      );
    },
  };
}

/** @throws ResourceFailure if the local service does not support a property of the API. */
function checkApi({ ProtocolType, Body, BodyS3Location, Target }: Properties): void {
  if (Body !== undefined || BodyS3Location !== undefined) {
    throw new ResourceFailure(
      'HTTP APIs from an OpenAPI document are not supported by the local service. Define routes as resources.',
    );
  }
  if (Target !== undefined) {
    throw new ResourceFailure(
      'The property Target is not supported by the local service. Define the routes and integrations as resources.',
    );
  }
  if (ProtocolType !== 'HTTP') {
    throw new ResourceFailure(
      `ProtocolType '${String(ProtocolType)}' is not supported by the local service, only HTTP.`,
    );
  }
}

function routeOf(api: HttpApi, id: string, properties: Properties): Route {
  const text = String(properties.RouteKey);
  const key = parseRouteKey(text);
  if (!key) throw new ResourceFailure(`The provided route key is not formatted properly for HTTP protocol: ${text}`);
  const same = [...api.routes.values()].find((route) => route.key.text === text && route.id !== id);
  if (same) throw new ResourceFailure(`Route with key ${text} already exists for this API`);

  const [, integrationId] = /^integrations\/(.+)$/.exec(String(properties.Target)) ?? [];
  if (integrationId === undefined || !api.integrations.has(integrationId)) {
    throw new ResourceFailure(`Invalid Target ${String(properties.Target)} of the route ${text}`);
  }
  const authorizationType = String(properties.AuthorizationType ?? 'NONE');
  if (!['NONE', 'AWS_IAM', 'JWT', 'CUSTOM'].includes(authorizationType)) {
    throw new ResourceFailure(`Invalid AuthorizationType ${authorizationType} of the route ${text}`);
  }
  const authorizerId = properties.AuthorizerId === undefined ? undefined : String(properties.AuthorizerId);
  const authorizer = api.authorizers.get(authorizerId ?? '');
  const expected = { JWT: 'JWT', CUSTOM: 'REQUEST' }[authorizationType];
  if (expected !== undefined && authorizer?.type !== expected) {
    throw new ResourceFailure(
      `The route ${text} with the AuthorizationType ${authorizationType} requires an authorizer of type ${expected}`,
    );
  }
  return {
    id,
    key,
    integrationId,
    authorizationType: authorizationType as Route['authorizationType'],
    authorizerId,
    authorizationScopes: texts(properties.AuthorizationScopes),
  };
}

function integrationOf(properties: Properties): Integration {
  const { IntegrationType: type, IntegrationSubtype, ConnectionType } = properties;
  const { RequestParameters, ResponseParameters } = properties;
  if (type !== 'AWS_PROXY' || IntegrationSubtype !== undefined || ConnectionType === 'VPC_LINK') {
    throw new ResourceFailure(
      `The integration ${String(IntegrationSubtype ?? type)} is not supported by the local service, only Lambda `
      + 'functions (AWS_PROXY).',
    );
  }
  if (RequestParameters !== undefined || ResponseParameters !== undefined) {
    throw new ResourceFailure('Parameter mapping is not supported by the local service.');
  }
  return {
    functionArn: functionArnOf(properties.IntegrationUri),
    credentialsArn: optionalText(properties.CredentialsArn),
    payloadFormatVersion: payloadFormatVersion(properties.PayloadFormatVersion),
    timeoutMilliseconds: number('TimeoutInMillis', properties.TimeoutInMillis ?? 30_000, 50, 30_000),
  };
}

function authorizerOf(id: string, properties: Properties): Authorizer {
  const identitySources = texts(properties.IdentitySource);
  const invalid = identitySources.find((source) => !isIdentitySource(source));
  if (invalid !== undefined) throw new ResourceFailure(`Invalid IdentitySource ${invalid} of the authorizer`);

  const type = String(properties.AuthorizerType);
  if (type === 'JWT') {
    const { Issuer, Audience } = isObject(properties.JwtConfiguration) ? properties.JwtConfiguration : {};
    if (typeof Issuer !== 'string' || !URL.canParse(Issuer) || texts(Audience).length === 0) {
      throw new ResourceFailure('The JwtConfiguration of a JWT authorizer requires an Issuer URL and an Audience');
    }
    if (identitySources.length !== 1) {
      throw new ResourceFailure('A JWT authorizer requires one IdentitySource, such as $request.header.Authorization');
    }
    return { id, type, identitySources, issuer: Issuer, audience: texts(Audience) };
  }
  if (type !== 'REQUEST') throw new ResourceFailure(`Invalid AuthorizerType ${type}, it must be JWT or REQUEST`);
  return {
    id,
    type,
    identitySources,
    functionArn: functionArnOf(properties.AuthorizerUri),
    credentialsArn: optionalText(properties.AuthorizerCredentialsArn),
    payloadFormatVersion: payloadFormatVersion(properties.AuthorizerPayloadFormatVersion),
    simpleResponses: String(properties.EnableSimpleResponses) === 'true',
    resultTtlSeconds: number('AuthorizerResultTtlInSeconds', properties.AuthorizerResultTtlInSeconds ?? 300, 0, 3600),
  };
}

function stageOf(properties: Properties): Stage {
  const throttles = isObject(properties.RouteSettings) ? properties.RouteSettings : {};
  return {
    name: String(properties.StageName),
    defaultThrottle: throttleOf(properties.DefaultRouteSettings),
    routeThrottles: Object.fromEntries(
      Object.entries(throttles).map(([routeKey, settings]) => [routeKey, throttleOf(settings)]),
    ),
    stageVariables: Object.fromEntries(
      Object.entries(isObject(properties.StageVariables) ? properties.StageVariables : {}).map(
        ([name, value]) => [name, String(value)],
      ),
    ),
    accessLog: accessLogOf(properties.AccessLogSettings),
  };
}

function throttleOf(settings: unknown): Throttle {
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = isObject(settings) ? settings : {};
  return {
    ...(rate === undefined ? {} : { rateLimit: Number(rate) }),
    ...(burst === undefined ? {} : { burstLimit: Number(burst) }),
  };
}

function accessLogOf(settings: unknown): Stage['accessLog'] {
  const { DestinationArn, Format } = isObject(settings) ? settings : {};
  if (DestinationArn === undefined || Format === undefined) return undefined;
  const [, logGroupName] = /^arn:[^:]+:logs:[^:]*:\d*:log-group:([^:]+)(?::\*)?$/.exec(String(DestinationArn)) ?? [];
  if (logGroupName === undefined) {
    throw new ResourceFailure(
      `The access log destination ${String(DestinationArn)} is not supported by the local service, only log groups.`,
    );
  }
  return { logGroupName, format: String(Format) };
}

/** Returns the ARN of a function from its ARN or from its invocation path. */
function functionArnOf(uri: unknown): string {
  const [arn] = /arn:[^:/]+:lambda:[^:/]+:\d{12}:function:[\w-]+(:[\w$-]+)?(?=\/invocations$|$)/.exec(String(uri)) ?? [];
  if (arn === undefined) {
    throw new ResourceFailure(`The integration ${String(uri)} is not supported by the local service, only functions.`);
  }
  return arn;
}

function payloadFormatVersion(version: unknown): '1.0' | '2.0' {
  if (version === '1.0' || version === '2.0') return version;
  throw new ResourceFailure(`Invalid PayloadFormatVersion ${String(version)}, it must be 1.0 or 2.0`);
}

function number(name: string, value: unknown, minimum: number, maximum: number): number {
  const parsed = Number(value);
  if (Number.isInteger(parsed) && parsed >= minimum && parsed <= maximum) return parsed;
  throw new ResourceFailure(`Invalid ${name} ${String(value)}, it must be between ${minimum} and ${maximum}`);
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const optionalText = (value: unknown) => (value === undefined ? undefined : String(value));

/** Generates the ID of a part of an API. */
function newId(): string {
  return Array.from({ length: 7 }, () => randomInt(36).toString(36)).join('');
}
