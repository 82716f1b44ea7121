import { effectsOf } from './effects';
import type { CustomResourceEvent } from './event';
import { handle } from './handle';
import { credentialsOfEnvironment } from '../http/credentials';
import { requestHandler } from '../http/node-request-handler';
import { systemClock } from '../http/system-clock';

const effects = effectsOf({
  transport: requestHandler({}, systemClock, 16 * 1024 * 1024, 'cdk-ivs-chat'),
  clock: systemClock,
  random: Math.random,
  log: (record) => console.log(JSON.stringify(record)),
  credentials: async () => credentialsOfEnvironment(process.env),
  environment: process.env,
});

export const handler = (event: CustomResourceEvent, context: { getRemainingTimeInMillis(): number }) =>
  handle(effects, event, context);
