import type { RequestHandler } from 'express'
import { describeError } from '../platform/errors/describe-error.ts'
import { InternalError } from '../platform/errors/errors.ts'
import { REQUEST_TIMEOUT } from '../platform/http/http-server.ts'
import { errorResponses, timeoutResponse } from './error-responses.ts'
import type { OperationObject, ResponseObject } from './openapi-types.ts'

export const VERIFY_PATH = '/verify'

/** Redirects to the page that verifies. A mail scanner that opens a link must not use it up. */
export function openVerifyPage(webUrl: string): RequestHandler {
  return (req, res) => {
    const { token } = req.query
    const page = new URL(`${webUrl}/verify-email`)
    if (typeof token === 'string') page.searchParams.set('token', token)
    res.set('Cache-Control', 'no-store').redirect(303, page.href)
  }
}

/** Describes the route. It calls no procedure, so it can fail only before it runs, or by a fault of the server. */
export const describeVerifyPage = (components: Record<string, ResponseObject>): OperationObject => ({
  operationId: 'openVerifyPage',
  tags: ['Account'],
  summary: 'Open the page that verifies the address',
  description: 'For links in a browser. It does not use up the token: the page sends it with `POST /verify`.',
  security: [],
  parameters: [
    {
      name: 'token',
      in: 'query',
      required: true,
      schema: { type: 'string' },
      example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
    },
  ],
  responses: {
    303: {
      description: 'Redirects to the web page, with the token.',
      headers: { Location: { schema: { type: 'string', format: 'uri' } } },
    },
    ...errorResponses([describeError(new InternalError())], components),
    [REQUEST_TIMEOUT.httpStatus]: timeoutResponse(components),
  },
})
