// Runs one function in a process of its own: measure.cjs BUNDLE CALLS. Prints the durations of the calls in milliseconds.
const [bundle, calls] = process.argv.slice(2);
const eventOf = (number) => ({
  version: '2.0',
  routeKey: 'POST /create-chat-token',
  headers: { 'content-type': 'application/json' },
  body: '{"room":"lobby"}',
  isBase64Encoded: false,
  requestContext: { requestId: 'r', authorizer: { jwt: { claims: { sub: `user-${process.pid}-${number}` } } } },
});

(async () => {
  const { handler } = require(bundle);
  const durations = [];
  for (let number = 0; number < Number(calls); number++) {
    const start = performance.now();
    const { statusCode } = await handler(eventOf(number));
    if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
    durations.push(performance.now() - start);
  }
  console.log(JSON.stringify(durations));
  process.exit();
})();
