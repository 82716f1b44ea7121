import { check, isGiven, type Problem } from './check';
import type { Shape, StructureShape } from './shape';

/** Properties as a template has them: members in PascalCase. */
export interface TemplateProperties {
  readonly [templateName: string]: unknown;
}

const templateName = (member: string) => member.charAt(0).toUpperCase() + member.slice(1);

/**
 * The properties as the template has them. What is left out stays out; values that are not known yet pass through
 * untouched.
 */
export function encode(shape: StructureShape, properties: object): TemplateProperties {
  return convert(shape, properties, (member) => member, templateName, (value) => value) as TemplateProperties;
}

/**
 * The properties as CloudFormation delivers them: it turns every scalar into a string.
 *
 * Gives the properties, or what is wrong with them in the template's names.
 */
export function decode<Properties>(shape: StructureShape, resourceProperties: TemplateProperties): { properties: Properties; problems: Problem[] } {
  const properties = convert(shape, resourceProperties, templateName, (member) => member, decodeInteger) as Properties & object;
  return { properties, problems: check(inTemplateNames(shape), encode(shape, properties)) };
}

function convert(
  shape: Shape, value: unknown, from: (member: string) => string, to: (member: string) => string, integer: (value: unknown) => unknown,
): unknown {
  if (shape.type === 'integer') return integer(value);
  if (shape.type !== 'structure' || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const converted: { [member: string]: unknown } = {};
  for (const [member, memberShape] of Object.entries(shape.members)) {
    const memberValue = Object.hasOwn(value, from(member)) ? (value as TemplateProperties)[from(member)] : undefined;
    if (isGiven(memberValue)) converted[to(member)] = convert(memberShape, memberValue, from, to, integer);
  }
  return converted;
}

function inTemplateNames<AnyShape extends Shape>(shape: AnyShape): AnyShape {
  if (shape.type !== 'structure') return shape;
  return {
    ...shape,
    members: Object.fromEntries(Object.entries(shape.members).map(([member, memberShape]) => [templateName(member), inTemplateNames(memberShape)])),
    required: shape.required?.map(templateName),
  };
}

/** Only what CloudFormation makes of an integer: neither `1e1` nor ` 5` nor `5.0`, which stay strings and are refused. */
function decodeInteger(value: unknown): unknown {
  return typeof value === 'string' && /^(0|-?[1-9][0-9]{0,15})$/.test(value) ? Number(value) : value;
}
