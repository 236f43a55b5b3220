/** The part of Stripe's error object that differs from error to error. */
export interface StripeErrorBody {
  type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error' | 'rate_limit_error'
  message: string
  code?: string
  param?: string
  decline_code?: string
  charge?: string
  payment_intent?: unknown
  payment_method?: unknown
}

/** An error response, in Stripe's own words. */
export class StripeApiError extends Error {
  readonly status: number
  readonly body: StripeErrorBody
  /** Whether to keep what the request changed before it failed: a declined payment keeps its charge and events. */
  readonly keepsChanges: boolean

  constructor(status: number, body: StripeErrorBody, { keepsChanges = false } = {}) {
    super(body.message)
    this.status = status
    this.body = body
    this.keepsChanges = keepsChanges
  }
}

/** 400: the request is invalid. */
export function invalidRequest(
  message: string,
  { param, code }: { param?: string; code?: string } = {},
): StripeApiError {
  return new StripeApiError(400, {
    type: 'invalid_request_error',
    message,
    ...(code && { code }),
    ...(param && { param }),
  })
}

/** 400: a required parameter is missing. `param` is its full name, such as `line_items[0][price]`. */
export function missingParam(param: string): StripeApiError {
  return invalidRequest(`Missing required param: ${param}.`, { param, code: 'parameter_missing' })
}

/** 400: the request has two parameters that exclude each other. `param` is the one that the error names. */
export function exclusiveParams(one: string, other: string, param: string): StripeApiError {
  return invalidRequest(`You may only specify one of these parameters: ${one}, ${other}.`, {
    param,
    code: 'parameters_exclusive',
  })
}

/** No object has this id: 404 if the id is in the path, 400 if it is in a parameter. */
export function resourceMissing(
  noun: string,
  id: string,
  where: { inPath: true; param?: string } | { inPath?: false; param: string },
): StripeApiError {
  const param = where.param ?? 'id'
  return new StripeApiError(where.inPath ? 404 : 400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param,
    message: `No such ${noun}: '${id}'`,
  })
}

export function unauthorized(message: string, code?: string): StripeApiError {
  return new StripeApiError(401, { type: 'invalid_request_error', message, ...(code && { code }) })
}
