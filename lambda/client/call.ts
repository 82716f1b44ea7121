import type { Command } from './command';
import type { IvschatClientResolvedConfig } from './config';
import { invalidInput } from './invalid-input';
import { toOutput } from './output';
import { toRequest } from './request';
import { read, type Problem } from '../../src/contract/check';
import type { Operation } from '../../src/contract/operation';
import { Attempt } from '../http/attempt';
import { metadataOf } from '../http/response';
import { errorTypeOf, retryAfter } from '../http/retry';
import { signer } from '../http/sign';
import type { Clock, HttpHandlerOptions, HttpRequest, HttpResponse, MetadataBearer } from '../http/types';

/**
 * The clock difference from which requests are signed with the time of the service, in milliseconds. AWS refuses
 * older signatures.
 */
const TOLERATED_SKEW_MILLISECONDS = 300_000;

/** Calls an operation: checks the input, builds the request, and signs and sends it until there is an outcome. */
export type Call = (command: Command<object, MetadataBearer>, options: CallOptions) => Promise<MetadataBearer>;

/** The options of a call, with headers to add to its requests. They are not signed, because proxies can change them. */
export interface CallOptions extends HttpHandlerOptions {
  readonly headers?: Record<string, string>;
}

/** Creates the function that makes the calls of one client. */
export function callsOf(config: IvschatClientResolvedConfig): Call {
  const { clock, credentials, region } = config;
  const sign = signer('ivschat');
  let lastDate: string | undefined;

  return async ({ operation, input, ambiguousOutcome }, { abortSignal, requestTimeout, headers: unsigned }) => {
    const problems: Problem[] = [];
    const members = read(operation.input, input, (problem) => problems.push(problem));
    if (config.validateInput && problems.length > 0) throw invalidInput(operation.name, problems);

    const deadline = clock.now() + config.callTimeout;
    const strategy = await config.retryStrategy();
    let token = await strategy.acquireInitialRetryToken('');
    let totalRetryDelay = 0;
    // Properties, because old versions of Hermes lose a variable that a closure in a generator sets.
    const progress: { request?: HttpRequest; sent?: boolean } = {};

    for (let attempts = 1; ; attempts++) {
      progress.sent = false;
      try {
        const timeout = Math.min(requestTimeout || config.requestTimeout, deadline - clock.now());
        const output = await Attempt.run(clock, timeout, abortSignal, async (attempt) => {
          const request = progress.request ??=
            toRequest(operation, members as Record<string, any>, await config.endpoint());
          const identity = await credentials();
          const signed = await sign(request, identity, await region(), clock.now() + config.systemClockOffset);
          // If the attempt was stopped in the meantime, its response would be lost.
          if (attempt.reason) throw attempt.reason;
          progress.sent = true;
          const headers = Object.assign(signed, unsigned); // The signer returns new headers for each attempt.
          const { response } = await config.requestHandler.handle({ ...request, headers }, attempt);
          return readOutput(operation, response);
        });
        strategy.recordSuccess(token);
        Object.assign(output.$metadata, { attempts, totalRetryDelay });
        return output;
      } catch (thrown) {
        const error = asError(thrown);
        error.$metadata = { ...error.$metadata, attempts, totalRetryDelay };
        if (error.name === 'AbortError') throw error;
        const ambiguous = progress.sent && ambiguousOutcome?.(operation, error);
        if (ambiguous) throw ambiguous;

        const errorType = errorTypeOf(error, operation.idempotent);
        const retryAfterHint = retryAfter(error.$response, clock.now());
        token = await strategy.refreshRetryTokenForRetry(token, { error, errorType, retryAfterHint })
          .catch(() => { throw error; });

        const delay = token.getRetryDelay();
        if (clock.now() + delay >= deadline) throw error;
        await pause(clock, delay, abortSignal);
        totalRetryDelay += delay + (token.$retryLog?.acquisitionDelay ?? 0);
      }
    }
  };

  async function readOutput(operation: Operation, response: HttpResponse): Promise<MetadataBearer> {
    const isCorrected = correctClock(response);
    const $metadata = metadataOf(response);
    try {
      return { $metadata, ...await toOutput(operation, response, config.maximumResponseBytes) };
    } catch (error: any) {
      error.$metadata = { ...$metadata, ...isCorrected && { clockSkewCorrected: true } };
      // The response is not enumerable, so that loggers do not print it.
      throw Object.defineProperty(error, '$response', { value: response, configurable: true });
    }
  }

  /** Reads the time of the service from a response. Returns whether the offset has changed. */
  function correctClock({ headers: { date } }: HttpResponse): boolean {
    if (date === lastDate) return false; // Many responses have the same second.
    lastDate = date;

    const offset = Date.parse(date!) - clock.now();
    const differs = Math.abs(offset - config.systemClockOffset) >= TOLERATED_SKEW_MILLISECONDS;
    if (differs) config.systemClockOffset = offset;
    return differs;
  }
}

/**
 * Returns an error to which members can be added. `instanceof` does not work here, because a request handler from
 * another realm throws errors of other classes.
 */
function asError(thrown: any): any {
  const isError = typeof thrown?.name === 'string' && typeof thrown.message === 'string' && Object.isExtensible(thrown);
  return isError ? thrown : new Error(String(thrown?.message ?? 'the request handler failed'), { cause: thrown });
}

/** Waits until the time is over or the application aborts the call. The next attempt notices the abort. */
async function pause(clock: Clock, milliseconds: number, signal: HttpHandlerOptions['abortSignal']): Promise<void> {
  await Attempt.run(clock, milliseconds, signal, () => new Promise(() => {})).catch(() => {});
}
