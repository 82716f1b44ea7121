/** An error of the control plane: the HTTP status, the fault, and the members in addition to the message. */
export interface ServiceError {
  readonly status: number;
  readonly fault: 'client' | 'server';
  readonly members: readonly string[];
}

/** The errors of the control plane. */
export const errors = {
  AccessDeniedException: { status: 403, fault: 'client', members: [] },
  ConflictException: { status: 409, fault: 'client', members: ['resourceId', 'resourceType'] },
  InternalServerException: { status: 500, fault: 'server', members: [] },
  PendingVerification: { status: 403, fault: 'client', members: [] },
  ResourceNotFoundException: { status: 404, fault: 'client', members: ['resourceId', 'resourceType'] },
  ServiceQuotaExceededException: { status: 402, fault: 'client', members: ['resourceId', 'resourceType', 'limit'] },
  ThrottlingException: { status: 429, fault: 'client', members: ['resourceId', 'resourceType', 'limit'] },
  ValidationException: { status: 400, fault: 'client', members: ['reason', 'fieldList'] },
} as const satisfies Record<string, ServiceError>;

export type ErrorName = keyof typeof errors;
