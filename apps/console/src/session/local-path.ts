const HERE = 'https://here.invalid'

/**
 * The path to go on to, from an address that anybody may have written (`?redirectTo=`).
 *
 * Attack: an open redirect, where a link to this site ends on another that looks like it. Browsers read `//other.site`,
 * `/\other.site` and `/.//other.site` as a host, so the address is read as a browser reads it before it is believed.
 *
 * @returns null for anything but a path of this site.
 */
export function localPath(address: string | null): string | null {
  if (!address?.startsWith('/') || !URL.canParse(address, HERE)) return null
  const { origin, pathname, search, hash } = new URL(address, HERE)
  if (origin !== HERE || pathname.startsWith('//')) return null
  return `${pathname}${search}${hash}`
}

/** Where to log in, and then back to `path`. */
export function logInPath(path: string | null, error?: string | null): string {
  const query = new URLSearchParams()
  if (path) query.set('redirectTo', path)
  if (error) query.set('error', error)
  return query.size > 0 ? `/login?${query}` : '/login'
}
