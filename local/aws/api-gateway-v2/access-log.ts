/** The values of the `$context` variables of a request, by name. */
export type ContextVariables = { readonly [name: string]: unknown };

/**
 * Formats a line of the access log. A variable without a value becomes `-`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export function accessLogLine(format: string, variables: ContextVariables): string {
  return format.replace(/\$context\.([A-Za-z0-9_.:-]*[A-Za-z0-9_])/g, (_, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    // A value must not end the text of a JSON format.
    return value === undefined || value === '' ? '-' : JSON.stringify(String(value)).slice(1, -1);
  });
}
