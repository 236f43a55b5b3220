import type { Request, RequestHandler } from 'express'

/**
 * Refuses requests to the controls from other sites' pages. The controls need no key, so any page open in the
 * developer's browser could use them otherwise.
 */
export function refuseOtherSites(publicUrl: () => string): RequestHandler {
  return (request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD' || !isForeign(request, publicUrl())) next()
    else response.status(403).json({ error: 'The controls accept no requests from other sites.' })
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
