const LONGEST = 2000

/** Maximum rounds of percent-decoding. An honest path needs fewer. */
const ROUNDS = 3

/**
 * Returns the requested path below the web console's URL, or `/` if it could lead elsewhere: a login must not end on an
 * attacker's page that looks like ours. Browsers read `\` as `/`, ignore tabs and line breaks, and read `//host` as
 * another site. An `@` turns the text before it into a username. And a proxy may decode once more than we do.
 *
 * @param wanted the value from the request; may not be a string.
 * @param webUrl without a trailing slash; may have its own path, which `..` must not leave.
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html
 */
export function localPath(wanted: unknown, webUrl: string): string {
  if (typeof wanted !== 'string' || wanted.length > LONGEST || !wanted.startsWith('/')) return '/'
  const [path = ''] = wanted.split(/[?#]/, 1)
  if (!isPlain(wanted, path)) return '/'

  const base = new URL(webUrl).href.replace(/\/$/, '')
  const url = URL.parse(`${webUrl}${wanted}`)
  return url?.href.startsWith(`${base}/`) ? url.href.slice(base.length) : '/'
}

/** The path that a mailed link leads on to; null if it leads to no page in particular. */
export function pathAfterLink(wanted: string | undefined, webUrl: string): string | null {
  const path = localPath(wanted, webUrl)
  return path === '/' ? null : path
}

function isPlain(wanted: string, path: string): boolean {
  if (/[\\\s\p{Cc}]/u.test(wanted)) return false
  let decoded = path
  for (let round = 0; round < ROUNDS; round++) {
    if (/[\\@\s\p{Cc}]|\/\/|\/\.{1,2}(?:\/|$)/u.test(decoded)) return false
    const next = decode(decoded)
    if (next === undefined) return false
    if (next === decoded) return true
    decoded = next
  }
  return false
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
