export { IvschatServiceException, modeledExceptions } from './service-exception';
export * from './generated/exceptions';
