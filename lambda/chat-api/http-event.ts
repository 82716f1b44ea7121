/** The members of an HTTP API event in payload format 2.0 that the functions read. */
export interface HttpEvent {
  readonly routeKey: string;
  readonly headers?: { readonly [name: string]: string | undefined };
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly requestId?: string;
    readonly authorizer?: {
      readonly jwt?: { readonly claims?: Claims };
      readonly lambda?: Claims | null;
      readonly iam?: Claims & { readonly cognitoIdentity?: Claims | null };
    };
  };
}

/** The claims of an identity. API Gateway converts the claims of a JSON web token to text. */
export interface Claims {
  readonly [name: string]: unknown;
}

/** The response of a function to an HTTP API, in payload format 2.0. */
export interface HttpResult {
  readonly statusCode: number;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
}
