export { IvschatClient } from './ivschat-client';
export { Ivschat } from './ivschat';
export { Command } from './command';
export * from './generated/commands';
export * from './generated/enums';
export * from './generated/exceptions';
export * from './generated/models';
export * from './generated/paginators';
export { AmbiguousOutcomeError } from './ambiguous-outcome-error';
export { IvschatServiceException } from './exceptions';
export type { IvschatPaginationConfiguration } from './paginator';
export type { IvschatClientConfigType, ServiceInputTypes, ServiceOutputTypes } from './service-types';
export type { IvschatClientConfig, IvschatClientResolvedConfig } from './config';
export { ResponseTooLargeError, TimeoutError } from '../http/errors';
export type {
  Provider, AwsCredentialIdentity, AwsCredentialIdentityProvider, ResponseMetadata, MetadataBearer, Logger, HttpRequest,
  HttpResponse, LegacyAbortSignal, HttpHandlerOptions, HttpHandler, RetryErrorInfo, RetryErrorType, RetryToken,
  RetryStrategy, Clock,
} from '../http/types';
