/** Schemes that never lead to one of the operator's apps: they run code, read files, or belong to the system. */
const FOREIGN_SCHEMES = new Set(
  `about blob chrome content cid data facetime file filesystem ftp geo intent itms-apps javascript jar mailto market
   ms-settings resource sms smsto tel vbscript view-source ws wss x-apple`.split(/\s+/),
)

const LOOPBACK = new Set(['127.0.0.1', '[::1]'])

/**
 * @returns what is wrong with an address of an app as a setting; undefined if nothing is.
 * @see https://www.rfc-editor.org/rfc/rfc8252#section-7
 */
export function problemOfAppRedirect(text: string): string | undefined {
  const url = URL.parse(text)
  if (!url || /[\s\\*]/.test(text)) return 'must be addresses of your app such as com.example.app:/login'
  if (url.hash || text.includes('#') || url.username || url.password)
    return 'must be addresses without a user name and without #'
  if (url.searchParams.has('code') || url.searchParams.has('error'))
    return 'must be addresses without code or error in their query: the server adds these'
  const scheme = url.protocol.slice(0, -1)
  if (FOREIGN_SCHEMES.has(scheme)) return `must not use ${scheme}:, which belongs to no app`
  if (scheme === 'http' && !LOOPBACK.has(url.hostname))
    return 'must use https, or a scheme of your app’s own; http is only for 127.0.0.1 and [::1]'
  return undefined
}

/**
 * Finds an address among those of the operator's apps. It must be equal, letter by letter. Only for `http` on this
 * machine, the port is free: a desktop app gets one from its system.
 *
 * @returns undefined when it is not among them.
 */
export function appRedirect(wanted: string, allowed: readonly string[]): string | undefined {
  if (allowed.includes(wanted)) return wanted
  const url = URL.parse(wanted)
  if (url?.protocol !== 'http:' || url.href !== wanted) return undefined
  url.port = ''
  return allowed.some((each) => URL.parse(each)?.href === url.href) ? wanted : undefined
}
