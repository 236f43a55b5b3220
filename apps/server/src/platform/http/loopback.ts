import ipaddr from 'ipaddr.js'

/** Whether a URL's host is this machine. */
export function hostnameIsLoopback(hostname: string): boolean {
  const host = hostname.replaceAll(/^\[|\]$/g, '')
  if (!ipaddr.isValid(host)) return host === 'localhost' || host.endsWith('.localhost')
  return ['loopback', 'unspecified'].includes(ipaddr.process(host).range())
}
