import type { CorsConfiguration } from '../http/cors';
import type { StringMap } from '../lambda/payload-format-2';
import type { RouteKey } from './route-key';

/** The configuration of an HTTP API. */
export interface HttpApi {
  readonly id: string;
  /** The address without a slash at the end, such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  cors?: CorsConfiguration;
  readonly routes: Map<string, Route>;
  readonly integrations: Map<string, Integration>;
  readonly authorizers: Map<string, Authorizer>;
  readonly stages: Map<string, Stage>;
}

export interface Route {
  readonly id: string;
  readonly key: RouteKey;
  readonly integrationId: string;
  readonly authorizationType: 'NONE' | 'AWS_IAM' | 'JWT' | 'CUSTOM';
  readonly authorizerId?: string;
  readonly authorizationScopes: readonly string[];
}

/** A Lambda function that handles requests. */
export interface Integration {
  readonly functionArn: string;
  readonly credentialsArn?: string;
  readonly payloadFormatVersion: '1.0' | '2.0';
  readonly timeoutMilliseconds: number;
}

export type Authorizer = JwtAuthorizer | LambdaAuthorizer;

export interface JwtAuthorizer {
  readonly id: string;
  readonly type: 'JWT';
  readonly identitySources: readonly string[];
  readonly issuer: string;
  readonly audience: readonly string[];
}

export interface LambdaAuthorizer {
  readonly id: string;
  readonly type: 'REQUEST';
  readonly identitySources: readonly string[];
  readonly functionArn: string;
  readonly credentialsArn?: string;
  readonly payloadFormatVersion: '1.0' | '2.0';
  readonly simpleResponses: boolean;
  /** How long a result is cached, in seconds. */
  readonly resultTtlSeconds: number;
}

export interface Stage {
  readonly name: string;
  readonly defaultThrottle: Throttle;
  /** The throttles of routes, by route key. They take precedence. */
  readonly routeThrottles: { readonly [routeKey: string]: Throttle };
  readonly stageVariables: StringMap;
  readonly accessLog?: { readonly logGroupName: string; readonly format: string };
}

export interface Throttle {
  /** The requests per second. @default - not limited */
  readonly rateLimit?: number;
  /** The maximum number of simultaneous requests. @default - one second of requests */
  readonly burstLimit?: number;
}
