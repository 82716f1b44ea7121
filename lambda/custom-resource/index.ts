import { effectsOf } from './effects';
import type { CustomResourceEvent } from './event';
import { handle } from './handle';
import { credentialsOfEnvironment } from '../client/credentials';
import { requestHandler } from '../client/node-request-handler';

const clock = {
  now: Date.now,
  setTimeout: (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds),
  clearTimeout: (timer: NodeJS.Timeout) => clearTimeout(timer),
};

const effects = effectsOf({
  transport: requestHandler({}, clock, 16 * 1024 * 1024),
  clock,
  random: Math.random,
  log: (record) => console.log(JSON.stringify(record)),
  credentials: async () => credentialsOfEnvironment(process.env),
  environment: process.env,
});

export const handler = (event: CustomResourceEvent, context: { getRemainingTimeInMillis(): number }) => handle(effects, event, context);
