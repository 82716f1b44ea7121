import { jsonSchemaOf, type JsonSchema } from './json-schema';
import { responseSchemas } from './response-schemas';
import { CHAT_API_OPERATIONS, chatApiPath, type ChatApiOperation } from '../../src/contract/chat-api/operations';
import {
  CHAT_API_PROBLEMS, chatApiProblemType, type ProblemDefinition, type ChatApiProblemName,
} from '../../src/contract/chat-api/problems';

/** Returns the OpenAPI 3.1 document of the chat API. */
export function openApiDocument(): object {
  const operations = Object.entries<ChatApiOperation>(CHAT_API_OPERATIONS);
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Chat API',
      version: '1.0.0',
      description: 'The HTTP API of the construct ChatApi of cdk-ivs-chat.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{
      url: 'https://{apiId}.execute-api.{region}.amazonaws.com',
      variables: { apiId: { default: 'example' }, region: { default: 'us-east-1' } },
    }],
    security: [{ identity: [] }],
    paths: Object.fromEntries(operations.map(([name, operation]) => [chatApiPath(name), {
      [(operation.method ?? 'POST').toLowerCase()]: operationObject(name, operation),
    }])),
    components: {
      securitySchemes: { identity: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { ...responseSchemas, Problem: problemSchema },
      responses: Object.fromEntries(statuses().map(([status, names]) => [`Problem${status}`, {
        description: names.map((name) => CHAT_API_PROBLEMS[name].title).join(' Or: '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      }])),
    },
  };
  return JSON.parse(JSON.stringify(document)); // without undefined members
}

function operationObject(name: string, operation: ChatApiOperation): object {
  const { description, input, method, status = 204, isPublic } = operation;
  const schema = { $ref: `#/components/schemas/${name}Response` };
  const problems = statuses().map(([code]) => [code, { $ref: `#/components/responses/Problem${code}` }]);
  return {
    operationId: name,
    summary: description,
    security: isPublic ? [] : undefined,
    requestBody: method === 'GET' ? undefined : {
      required: Boolean(input.required?.length),
      content: { 'application/json': { schema: jsonSchemaOf(input) } },
    },
    responses: {
      [status]: {
        description: 'Success.',
        content: status === 200 ? { 'application/json': { schema } } : undefined,
      },
      ...Object.fromEntries(problems),
    },
  };
}

/** Returns the problems by HTTP status. */
function statuses(): [number, ChatApiProblemName[]][] {
  const byStatus = new Map<number, ChatApiProblemName[]>();
  for (const [name, { status }] of Object.entries<ProblemDefinition>(CHAT_API_PROBLEMS)) {
    byStatus.set(status, [...byStatus.get(status) ?? [], name as ChatApiProblemName]);
  }
  return [...byStatus];
}

const problemSchema: JsonSchema = {
  type: 'object',
  description: 'A problem in the format of RFC 9457.',
  properties: {
    type: { type: 'string', enum: Object.keys(CHAT_API_PROBLEMS).map((name) => chatApiProblemType(name as never)) },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { field: { type: 'string' }, message: { type: 'string' } },
        required: ['field', 'message'],
      },
    },
    bannedUntil: { type: 'string', format: 'date-time' },
    retryAfterInSeconds: { type: 'integer' },
  },
  required: ['type', 'title', 'status'],
};
