/** A function that does nothing: the start of Node.js. */
export const handler = async () => ({ statusCode: 200, body: '{}' });
