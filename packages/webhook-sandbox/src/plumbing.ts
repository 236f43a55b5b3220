import type { ErrorRequestHandler, Request, RequestHandler } from 'express'

/**
 * Refuses requests to the controls from other sites' pages. The controls need no key, so any page open in the
 * developer's browser could use them otherwise.
 */
export function refuseOtherSites(publicUrl: () => string): RequestHandler {
  return (request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD' || !isForeign(request, publicUrl())) next()
    else response.status(403).json({ error: { message: 'The controls accept no requests from other sites.' } })
  }
}

/**
 * Programs send neither `Sec-Fetch-Site` nor `Origin`. A domain name that an attacker points at this machine would
 * count as same-origin (DNS rebinding). So a browser must use an IP address, a name without dots, a name below
 * `.localhost`, or the public URL's host.
 */
function isForeign(request: Request, publicUrl: string): boolean {
  const [site, origin, host = ''] = [request.get('sec-fetch-site'), request.get('origin'), request.get('host')]
  if (site === undefined && origin === undefined) return false
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) return true
  const name = host.replace(/:\d+$/, '')
  const isLocal = /^[\d.]+$/.test(name) || name.startsWith('[') || !name.includes('.') || name.endsWith('.localhost')
  return !isLocal && new URL(publicUrl).host !== host
}

/** Answers in JSON if Express refuses a request (body too large, invalid JSON, malformed URL) or the sandbox fails. */
export const answerErrors: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const status = statusOf(error)
  if (status >= 500)
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  const message =
    status >= 500
      ? 'An unknown error occurred in the sandbox. See its output.'
      : error instanceof Error
        ? error.message
        : 'Bad request'
  response.status(status).json({ error: { type: status >= 500 ? 'api_error' : 'invalid_request_error', message } })
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('status' in error)) return 500
  return typeof error.status === 'number' && error.status >= 400 && error.status < 600 ? error.status : 500
}
