/** The OpenAPI document of the chat API is valid, and it is the one that the contract results in. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '../../projenrc/open-api/open-api-document';
import { CHAT_API_OPERATIONS, chatApiPath, type ChatApiOperation } from '../../src/contract/chat-api/operations';

const root = join(__dirname, '..', '..');
const committed = join(root, 'docs', 'chat-api.openapi.json');

test('the committed document is up to date (npx projen generate)', () => {
  expect(JSON.parse(readFileSync(committed, 'utf8'))).toEqual(openApiDocument());
});

/** The validator is an ES module, which Jest cannot load. */
function validate(document: object): { valid: boolean; errors?: unknown } {
  const script = `
    import { Validator } from '@seriousme/openapi-schema-validator';
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(process.argv[1]));
    console.log(JSON.stringify({ ...result, version: validator.version }));`;
  const options = { cwd: root, encoding: 'utf8' } as const;
  return JSON.parse(execFileSync(
    process.execPath, ['--input-type=module', '-e', script, JSON.stringify(document)], options));
}

test('the document is valid OpenAPI 3.1', () => {
  expect(validate(openApiDocument())).toEqual({ valid: true, version: '3.1' });
});

test('the validator refuses a document with a mistake', () => {
  const document: any = openApiDocument();
  document.paths['/ban-user'].post.responses = 5;
  expect(validate(document).valid).toBe(false);
});

test('the document has one operation for each route, and the public ones need no identity', () => {
  const { paths } = openApiDocument() as any;
  const operations = Object.entries<ChatApiOperation>(CHAT_API_OPERATIONS);
  expect(Object.keys(paths)).toEqual(operations.map(([name]) => chatApiPath(name)));
  for (const [name, { method = 'POST', isPublic, status = 204 }] of operations) {
    const found = paths[chatApiPath(name)][method.toLowerCase()];
    expect(found).toMatchObject({ operationId: name });
    expect(found.security).toEqual(isPublic ? [] : undefined);
    expect(Object.keys(found.responses)).toContain(String(status));
  }
});
