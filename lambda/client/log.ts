import type { Command } from './command';
import { read } from '../../src/contract/check';
import type { Shape } from '../../src/contract/shape';
import type { Logger, MetadataBearer } from '../http/types';

/** Logs a call in the form of the AWS SDK. Sensitive members are masked. */
export async function logged(
  logger: Logger, { operation, input }: Command<object, MetadataBearer>, call: Promise<MetadataBearer>,
): Promise<MetadataBearer> {
  const entry = {
    clientName: 'IvschatClient',
    commandName: `${operation.name}Command`,
    input: masked(operation.input, input),
  };
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

const masked = (shape: Shape, value: object) => read(shape, value, () => {}, '***SensitiveInformation***');
