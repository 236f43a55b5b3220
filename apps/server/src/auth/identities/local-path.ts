const LONGEST = 2000

/** Decoding more often than this is nobody's honest path. */
const ROUNDS = 3

/**
 * A path below the web console's address, or `/` for anything else: a log-in must not end on a stranger's page that
 * looks like ours. Browsers take `\` for `/`, skip tabs and line breaks, and `//host` for another site; an `@` makes
 * what stands before it a user name; and a proxy may decode once more than we do.
 *
 * @param wanted what a request says; it need not be a string.
 * @param webUrl without a trailing slash; may have a path of its own, which `..` must not leave.
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
