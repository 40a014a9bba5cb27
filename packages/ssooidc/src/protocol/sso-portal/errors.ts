/**
 * The errors of the access portal: those of the service model, and what the edge answers around them. They have names in
 * common with sso-oidc's, and a different form, which is why errors belong to a service.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/CommonErrors.html
 */
import { defineError } from '../error.ts'

export const InvalidRequestException = /* @__PURE__ */ defineError({
  name: 'InvalidRequestException',
  status: 400,
  fault: 'client',
})

export const UnauthorizedException = /* @__PURE__ */ defineError({
  name: 'UnauthorizedException',
  status: 401,
  fault: 'client',
})

/** A role that the person is not assigned. Not in the model; what the real portal answers, and what clients expect. */
export const ForbiddenException = /* @__PURE__ */ defineError({
  name: 'ForbiddenException',
  status: 403,
  fault: 'client',
})

export const ResourceNotFoundException = /* @__PURE__ */ defineError({
  name: 'ResourceNotFoundException',
  status: 404,
  fault: 'client',
})

export const UnknownOperationException = /* @__PURE__ */ defineError({
  name: 'UnknownOperationException',
  status: 404,
  fault: 'client',
})

export const MethodNotAllowedException = /* @__PURE__ */ defineError({
  name: 'MethodNotAllowedException',
  status: 405,
  fault: 'client',
})

export const RequestTooLargeException = /* @__PURE__ */ defineError({
  name: 'RequestTooLargeException',
  status: 413,
  fault: 'client',
})

export const TooManyRequestsException = /* @__PURE__ */ defineError({
  name: 'TooManyRequestsException',
  status: 429,
  fault: 'client',
})

export const InternalServerException = /* @__PURE__ */ defineError({
  name: 'InternalServerException',
  status: 500,
  fault: 'server',
})

export const ServiceUnavailableException = /* @__PURE__ */ defineError({
  name: 'ServiceUnavailableException',
  status: 503,
  fault: 'server',
})
