import { check, isGiven, type Problem } from './check';
import type { Shape, StructureShape } from './shape';

/** Properties in the format of a template: the members are in PascalCase. */
export interface TemplateProperties {
  readonly [templateName: string]: unknown;
}

const templateName = (member: string) => member.charAt(0).toUpperCase() + member.slice(1);

/**
 * Converts properties to the format of a template. Absent properties stay absent, and tokens are not changed.
 */
export function encode(shape: StructureShape, properties: object): TemplateProperties {
  return convert(shape, properties, (member) => member, templateName, (value) => value) as TemplateProperties;
}

/**
 * Converts properties from the format that CloudFormation sends. CloudFormation converts every scalar to a string.
 *
 * Returns the properties, and their problems with the names of the template.
 */
export function decode<Properties>(
  shape: StructureShape, resourceProperties: TemplateProperties,
): { properties: Properties; problems: Problem[] } {
  const decoded = convert(shape, resourceProperties, templateName, (member) => member, decodeInteger);
  const properties = decoded as Properties & object;
  return { properties, problems: check(inTemplateNames(shape), encode(shape, properties)) };
}

function convert(
  shape: Shape,
  value: unknown,
  from: (member: string) => string,
  to: (member: string) => string,
  integer: (value: unknown) => unknown,
): unknown {
  if (shape.type === 'integer') return integer(value);
  if (shape.type !== 'structure' || typeof value !== 'object' || value === null || Array.isArray(value)) return value;

  const converted: { [member: string]: unknown } = {};
  for (const [member, memberShape] of Object.entries(shape.members)) {
    const name = from(member);
    const memberValue = Object.hasOwn(value, name) ? (value as TemplateProperties)[name] : undefined;
    if (isGiven(memberValue)) converted[to(member)] = convert(memberShape, memberValue, from, to, integer);
  }
  return converted;
}

function inTemplateNames<AnyShape extends Shape>(shape: AnyShape): AnyShape {
  if (shape.type !== 'structure') return shape;

  const members = Object.entries(shape.members);
  return {
    ...shape,
    members: Object.fromEntries(members.map(([member, memberShape]) =>
      [templateName(member), inTemplateNames(memberShape)])),
    required: shape.required?.map(templateName),
  };
}

/**
 * Converts the text that CloudFormation sends for an integer. Other text, such as `1e1`, ` 5` or `5.0`, stays a string,
 * so that the check rejects it.
 */
function decodeInteger(value: unknown): unknown {
  return typeof value === 'string' && /^(0|-?[1-9][0-9]{0,15})$/.test(value) ? Number(value) : value;
}
