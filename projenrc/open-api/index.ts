/** Generates the OpenAPI document of the chat API: docs/chat-api.openapi.json. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from './open-api-document';

const file = join(__dirname, '..', '..', 'docs', 'chat-api.openapi.json');
writeFileSync(file, `${JSON.stringify(openApiDocument(), undefined, 2)}\n`);
