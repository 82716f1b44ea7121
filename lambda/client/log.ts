import type { Logger, MetadataBearer } from './types';
import { isGiven } from '../../src/contract/check';
import type { Operation } from '../../src/contract/operations';
import type { Shape } from '../../src/contract/shape';

/** Tells the logger how a call went, in the AWS SDK's form, with what is sensitive masked. */
export async function logged(logger: Logger, operation: Operation, input: object, call: Promise<MetadataBearer>): Promise<MetadataBearer> {
  const entry = { clientName: 'IvschatClient', commandName: `${operation.name}Command`, input: masked(operation.input, input) };
  try {
    const result = await call;
    const { $metadata: metadata, ...output } = result;
    logger.info?.({ ...entry, output: operation.output ? masked(operation.output, output) : {}, metadata });
    return result;
  } catch (error: any) {
    logger.error?.({ ...entry, error, metadata: error.$metadata });
    throw error;
  }
}

function masked(shape: Shape, value: any): unknown {
  if (shape.sensitive) return '***SensitiveInformation***';
  if (shape.type === 'list' && Array.isArray(value)) return value.map((item) => masked(shape.member, item));
  if (shape.type !== 'structure' || typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).filter(([member, inside]) => isGiven(inside) && Object.hasOwn(shape.members, member));
  return Object.fromEntries(known.map(([member, inside]) => [member, masked(shape.members[member]!, inside)]));
}
