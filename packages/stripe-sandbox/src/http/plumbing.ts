import type { ErrorRequestHandler, Request, RequestHandler } from 'express'

/**
 * Refuses what another site's page sends to the controls: they need no key, and a browser would carry such a request to a developer's machine.
 */
export const refuseOtherSites: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD' || !isForeign(request)) next()
  else response.status(403).json({ error: { message: 'The controls take no requests from other sites.' } })
}

/** Programs send neither header. A name that an attacker's DNS points at this machine would be its own origin, so names must be local ones. */
function isForeign(request: Request): boolean {
  const [site, origin, host = ''] = [request.get('sec-fetch-site'), request.get('origin'), request.get('host')]
  if (site === undefined && origin === undefined) return false
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  if (origin !== undefined && !['http', 'https'].some((scheme) => origin === `${scheme}://${host}`)) return true
  const name = host.replace(/:\d+$/, '')
  return !(/^[\d.]+$/.test(name) || name.startsWith('[') || !name.includes('.') || name.endsWith('.localhost'))
}

/** What express itself refuses (a body too large, JSON that is none, a broken address) or what went wrong here, as JSON. */
export const answerErrors: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const status = statusOf(error)
  if (status >= 500)
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  const message =
    status >= 500
      ? 'An unknown error occurred in the sandbox; see its output.'
      : error instanceof Error
        ? error.message
        : 'Bad request'
  response.status(status).json({ error: { type: status >= 500 ? 'api_error' : 'invalid_request_error', message } })
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('status' in error)) return 500
  return typeof error.status === 'number' && error.status >= 400 && error.status < 600 ? error.status : 500
}
