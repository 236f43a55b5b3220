import type { Request, RequestHandler } from 'express'

/**
 * Refuses requests to the controls from other sites' pages. The controls need no key, so any page open in the
 * developer's browser could use them otherwise.
 */
export function refuseOtherSites(publicUrl: () => string): RequestHandler {
  return (request, response, next) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD'
    if (isReading ? !isRebound(request, publicUrl()) : !isForeign(request, publicUrl())) next()
    else response.status(403).json({ error: 'The controls accept no requests from other sites.' })
  }
}

/** Programs send neither `Sec-Fetch-Site` nor `Origin`. */
function isForeign(request: Request, publicUrl: string): boolean {
  const [site, origin, host = ''] = [request.get('sec-fetch-site'), request.get('origin'), request.get('host')]
  if (site === undefined && origin === undefined) return false
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) return true
  return !isOwnName(host, publicUrl)
}

/** A page under another name can read what it gets by GET: its browser sends no `Origin` then, but its name. */
function isRebound(request: Request, publicUrl: string): boolean {
  const isBrowser =
    (request.get('user-agent') ?? '').startsWith('Mozilla/') || request.get('sec-fetch-site') !== undefined
  return (isBrowser || request.get('origin') !== undefined) && !isOwnName(request.get('host') ?? '', publicUrl)
}

/**
 * A domain name that an attacker points at this machine would count as same-origin (DNS rebinding). So a browser must
 * use an IP address, a name without dots, a name below a top-level domain that no one can register, or the public URL's
 * host.
 */
function isOwnName(host: string, publicUrl: string): boolean {
  const name = host.replace(/:\d+$/, '')
  const isLocal = /^[\d.]+$/.test(name) || name.startsWith('[') || !name.includes('.')
  return isLocal || /\.(?:internal|local|localhost|test)$/.test(name) || new URL(publicUrl).host === host
}
