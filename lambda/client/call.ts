import { SignatureV4 } from '@smithy/signature-v4';
import { check } from '../../src/contract/check';
import type { Operation } from '../../src/contract/operations';
import type { IvschatClientResolvedConfig } from './config';
import { AmbiguousOutcomeError, TimeoutError, ValidationException } from './exceptions';
import { toRequest } from './request';
import { toOutput } from './response';
import { errorTypeOf, mayHaveBeenDone, retryAfter } from './retry';
import { Sha256 } from './platform';
import type { HttpHandlerOptions, HttpRequest, HttpResponse, MetadataBearer } from './types';

/** From this much on, a difference of the clocks is corrected: the service refuses signatures that are further off. */
const TOLERATED_SKEW_MILLISECONDS = 300_000;

/** Sends the requests of one client: check, build, then sign and exchange until there is an outcome. */
export class Caller {
  private readonly signer: SignatureV4;

  constructor(private readonly config: IvschatClientResolvedConfig) {
    const { credentials, region } = config;
    this.signer = new SignatureV4({ service: 'ivschat', credentials, region, sha256: Sha256, applyChecksum: false });
  }

  async call(operation: Operation, input: object, options: HttpHandlerOptions): Promise<MetadataBearer> {
    const { clock, callTimeout, requestTimeout } = this.config;
    if (this.config.validateInput) refuseInvalid(operation, input);
    const request = toRequest(operation, input as Record<string, unknown>, await this.config.endpoint());
    const deadline = clock.now() + callTimeout;
    const strategy = await this.config.retryStrategy();
    let token = await strategy.acquireInitialRetryToken('');
    let totalRetryDelay = 0;
    for (let attempts = 1; ; attempts++) {
      try {
        const timeout = Math.min(options.requestTimeout || requestTimeout, deadline - clock.now());
        const output = await this.attempt(operation, request, timeout, options.abortSignal);
        strategy.recordSuccess(token);
        Object.assign(output.$metadata, { attempts, totalRetryDelay });
        return output;
      } catch (thrown) {
        const error: any = thrown instanceof Error ? thrown : new Error(String(thrown));
        error.$metadata = { ...error.$metadata, attempts, totalRetryDelay };
        if (error.name === 'AbortError') throw error;
        if (!operation.idempotent && mayHaveBeenDone(error)) throw new AmbiguousOutcomeError(operation.name, error);
        try {
          token = await strategy.refreshRetryTokenForRetry(token, {
            error, errorType: errorTypeOf(error), retryAfterHint: retryAfter(error.$response, clock.now()),
          });
        } catch {
          throw error;
        }
        const delay = token.getRetryDelay();
        if (clock.now() + delay >= deadline) throw error;
        await this.wait(delay, options.abortSignal);
        totalRetryDelay += delay;
      }
    }
  }

  /** One request and its answer, within the time that it has. */
  private async attempt(operation: Operation, request: HttpRequest, timeout: number, userSignal: HttpHandlerOptions['abortSignal']): Promise<any> {
    return this.within(timeout, `no answer within ${timeout} ms`, userSignal, async (abortSignal) => {
      const signingDate = new Date(this.config.clock.now() + this.config.systemClockOffset);
      const signed = await this.signer.sign(request as any, { signingDate });
      const { response } = await this.config.requestHandler.handle(signed, { abortSignal, requestTimeout: timeout });
      const corrected = this.correctClock(response);
      try {
        return await toOutput(operation, response, this.config.maximumResponseBytes);
      } catch (error: any) {
        Object.defineProperty(error, '$response', { value: response, configurable: true });
        if (corrected && error.$metadata) error.$metadata.clockSkewCorrected = true;
        throw error;
      }
    });
  }

  private async wait(milliseconds: number, userSignal: HttpHandlerOptions['abortSignal']): Promise<void> {
    if (milliseconds <= 0) return;
    await this.within(milliseconds, '', userSignal, () => new Promise<void>(() => {})).catch((error) => {
      if (error.name !== 'TimeoutError') throw error;
    });
  }

  /** Runs a task until it is done, its time is over or the caller aborts. */
  private within<T>(milliseconds: number, message: string, userSignal: HttpHandlerOptions['abortSignal'], task: (signal: AbortSignal) => Promise<T>) {
    const { clock } = this.config;
    const stop = new AbortController();
    return new Promise<T>((resolve, reject) => {
      const end = (error: Error) => {
        reject(error);
        stop.abort(error);
      };
      const abort = () => end(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
      if (userSignal?.aborted) return abort();
      if (userSignal && 'addEventListener' in userSignal) userSignal.addEventListener('abort', abort);
      else if (userSignal) userSignal.onabort = abort;
      const timer = clock.setTimeout(() => end(new TimeoutError(message)), milliseconds);
      task(stop.signal).then(resolve, reject).finally(() => {
        clock.clearTimeout(timer);
        if (userSignal && 'addEventListener' in userSignal) userSignal.removeEventListener('abort', abort);
      });
    });
  }

  /** Learns the service's time from its answer. Says whether that changed anything. */
  private correctClock({ headers }: HttpResponse): boolean {
    const serverTime = Date.parse(headers.date ?? '');
    const offset = serverTime - this.config.clock.now();
    if (!(Math.abs(offset - this.config.systemClockOffset) >= TOLERATED_SKEW_MILLISECONDS)) return false;
    this.config.systemClockOffset = offset;
    return true;
  }
}

function refuseInvalid(operation: Operation, input: object): void {
  const problems = check(operation.input, input);
  if (problems.length === 0) return;
  throw new ValidationException({
    message: `${operation.name}: ${problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`,
    reason: 'FIELD_VALIDATION_FAILED',
    fieldList: problems.map(({ path, message }) => ({ name: path, message })),
    $metadata: { attempts: 0, totalRetryDelay: 0 },
  });
}
