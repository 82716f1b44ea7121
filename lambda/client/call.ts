import { Attempt } from './attempt';
import type { IvschatClientResolvedConfig } from './config';
import { AmbiguousOutcomeError, ValidationException } from './exceptions';
import { toRequest } from './request';
import { metadataOf, toOutput } from './response';
import { errorTypeOf, mayHaveBeenDone, retryAfter } from './retry';
import { RequestSigner } from './sign';
import type { Clock, HttpHandlerOptions, HttpRequest, HttpResponse, MetadataBearer } from './types';
import { check } from '../../src/contract/check';
import type { Operation } from '../../src/contract/operations';

/** From this much on, a difference of the clocks is corrected: the service refuses signatures that are further off. */
const TOLERATED_SKEW_MILLISECONDS = 300_000;

/** The calls of one client: each is checked, made a request, then signed and sent until there is an outcome. */
export class Caller {
  readonly #signer = new RequestSigner('ivschat');
  #date?: string;

  constructor(private readonly config: IvschatClientResolvedConfig) {}

  async call(operation: Operation, input: object, { abortSignal, requestTimeout }: HttpHandlerOptions): Promise<MetadataBearer> {
    const { config } = this;
    const { clock } = config;
    if (config.validateInput) refuseInvalid(operation, input);
    const deadline = clock.now() + config.callTimeout;
    const request = toRequest(operation, input as Record<string, unknown>, await config.endpoint());
    const strategy = await config.retryStrategy();
    let token = await strategy.acquireInitialRetryToken('');
    let totalRetryDelay = 0;
    for (let attempts = 1; ; attempts++) {
      const progress = { sent: false }; // no variable: the Hermes of old React Natives loses what a closure in a generator sets
      try {
        const timeout = Math.min(requestTimeout || config.requestTimeout, deadline - clock.now());
        const output = await Attempt.run(clock, timeout, abortSignal, async (attempt) => {
          const signed = await this.#sign(request);
          progress.sent = true;
          return this.#exchange(operation, signed, attempt);
        });
        strategy.recordSuccess(token);
        Object.assign(output.$metadata, { attempts, totalRetryDelay });
        return output;
      } catch (thrown) {
        const error = asError(thrown);
        error.$metadata = { ...error.$metadata, attempts, totalRetryDelay };
        if (error.name === 'AbortError') throw error;
        if (progress.sent && !operation.idempotent && mayHaveBeenDone(error)) throw new AmbiguousOutcomeError(operation.name, error);
        const failure = { error, errorType: errorTypeOf(error, operation), retryAfterHint: retryAfter(error.$response, clock.now()) };
        token = await strategy.refreshRetryTokenForRetry(token, failure).catch(() => { throw error; });
        const delay = token.getRetryDelay();
        if (clock.now() + delay >= deadline) throw error;
        await pause(clock, delay, abortSignal);
        totalRetryDelay += delay + (token.$retryLog?.acquisitionDelay ?? 0);
      }
    }
  }

  async #sign(request: HttpRequest): Promise<HttpRequest> {
    const { clock, credentials, region, systemClockOffset } = this.config;
    const headers = await this.#signer.sign(request, await credentials(), await region(), clock.now() + systemClockOffset);
    return { ...request, headers };
  }

  /** Sends one request and reads its answer. */
  async #exchange(operation: Operation, request: HttpRequest, options: HttpHandlerOptions): Promise<MetadataBearer> {
    const { response } = await this.config.requestHandler.handle(request, options);
    const corrected = this.#correctClock(response);
    try {
      return await toOutput(operation, response, this.config.maximumResponseBytes);
    } catch (error: any) {
      Object.defineProperty(error, '$response', { value: response, configurable: true }); // not enumerable: it is not for logs
      error.$metadata ??= metadataOf(response);
      if (corrected) error.$metadata.clockSkewCorrected = true;
      throw error;
    }
  }

  /** Learns the service's time from its answer. Says whether that changed anything. */
  #correctClock({ headers }: HttpResponse): boolean {
    if (headers.date === this.#date) return false; // a second has many answers
    this.#date = headers.date;
    const offset = Date.parse(headers.date!) - this.config.clock.now();
    if (!(Math.abs(offset - this.config.systemClockOffset) >= TOLERATED_SKEW_MILLISECONDS)) return false;
    this.config.systemClockOffset = offset;
    return true;
  }
}

/** An error that can be added to. Not by instanceof: handlers may come from another realm, and throw anything. */
function asError(thrown: any): any {
  const isError = typeof thrown?.name === 'string' && typeof thrown.message === 'string' && Object.isExtensible(thrown);
  return isError ? thrown : new Error(String(thrown?.message ?? 'the request handler failed'), { cause: thrown });
}

/** Lets time pass, as an attempt at nothing: until it is over, or the application aborts the call, which the next attempt finds out. */
async function pause(clock: Clock, milliseconds: number, signal: HttpHandlerOptions['abortSignal']): Promise<void> {
  await Attempt.run(clock, milliseconds, signal, () => new Promise(() => {})).catch(() => {});
}

function refuseInvalid(operation: Operation, input: object): void {
  const fieldList = check(operation.input, input).map(({ path: name, message }) => ({ name, message }));
  if (fieldList.length === 0) return;
  throw new ValidationException({
    message: `${operation.name}: ${fieldList.map(({ name, message }) => `${name} ${message}`).join('; ')}`,
    reason: 'FIELD_VALIDATION_FAILED',
    fieldList,
    $metadata: { attempts: 0, totalRetryDelay: 0 },
  });
}
