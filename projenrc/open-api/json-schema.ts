import type { Shape } from '../../src/contract/shape';

/** A schema of JSON Schema 2020-12, which OpenAPI 3.1 uses. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Returns the JSON schema of a shape. Objects have no other members than those of the shape. */
export function jsonSchemaOf(shape: Shape): JsonSchema {
  const { minimum, maximum } = shape as { readonly minimum?: number; readonly maximum?: number };
  switch (shape.type) {
    case 'string':
      return {
        type: 'string', minLength: minimum, maxLength: maximum, pattern: shape.pattern?.source, enum: shape.values,
      };
    case 'integer':
      return { type: 'integer', minimum, maximum };
    case 'timestamp':
      return { type: 'string', format: 'date-time' };
    case 'list':
      return { type: 'array', items: jsonSchemaOf(shape.member), minItems: minimum, maxItems: maximum };
    case 'map':
      return {
        type: 'object',
        propertyNames: jsonSchemaOf(shape.key),
        additionalProperties: jsonSchemaOf(shape.value),
        description: shape.maximumBytes && `At most ${shape.maximumBytes} bytes of keys and values together, in UTF-8.`,
      };
    case 'structure': {
      const members = Object.entries(shape.members);
      return {
        type: 'object',
        properties: Object.fromEntries(members.map(([name, member]) => [name, jsonSchemaOf(member)])),
        required: shape.required?.length ? shape.required : undefined,
        additionalProperties: false,
      };
    }
  }
}
