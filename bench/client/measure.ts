/** The input, the credentials and the measurement that all subjects share. */
export const INPUT = {
  roomIdentifier: 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf012345',
  userId: '8f1b2c3d-user-0001',
  capabilities: ['SEND_MESSAGE', 'DELETE_MESSAGE'],
  sessionDurationInMinutes: 60,
  attributes: { displayName: 'Ada Lovelace', avatar: 'https://example.com/a/1.png' },
};
export const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'F'.repeat(700),
};
export const REGION = 'us-west-2';
export const ENDPOINT = process.env.BENCH_ENDPOINT!;

const CONCURRENCY = 16;

/**
 * Measures a subject in its own process, and prints the result as JSON.
 *
 * The mode `cold` measures the time from the start of the process to the end of the first and of the second call. The
 * mode `warm` measures the calls per second and the CPU time of a call.
 */
export async function measure(call: () => Promise<unknown>): Promise<void> {
  const report = (result: object) => void process.stdout.write(JSON.stringify(result), () => process.exit(0));
  if (process.argv[2] === 'cold') {
    await call();
    const first = performance.now();
    await call();
    return report({ first, second: performance.now() });
  }
  const calls = Number(process.argv[3]);
  const make = async () => {
    let left = calls;
    await Promise.all(Array.from({ length: CONCURRENCY }, async () => {
      while (left-- > 0) await call();
    }));
  };
  await make(); // The compiler of V8 works during the first calls, and its work must not be measured.
  const [startCpu, start] = [process.cpuUsage(), performance.now()];
  await make();
  const cpu = process.cpuUsage(startCpu);
  report({
    callsPerSecond: calls / (performance.now() - start) * 1000,
    cpuMicrosecondsPerCall: (cpu.user + cpu.system) / calls,
  });
}
