import ipaddr from 'ipaddr.js'

/** The origins of pages on this machine, with any port. */
export const LOOPBACK_ORIGIN = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/

/** Whether a URL's host is this machine. */
export function hostnameIsLoopback(hostname: string): boolean {
  const host = hostname.replaceAll(/^\[|\]$/g, '')
  if (!ipaddr.isValid(host)) return host === 'localhost' || host.endsWith('.localhost')
  return ['loopback', 'unspecified'].includes(ipaddr.process(host).range())
}
