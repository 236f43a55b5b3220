const HERE = 'https://here.invalid'

/**
 * The path to continue to, from a URL parameter that an attacker may have written (`?redirectTo=`).
 *
 * Attack: an open redirect, where a link to this site leads to a lookalike. Browsers read `//other.site`,
 * `/\other.site` and `/.//other.site` as a host, so parse the address as a browser does before trusting it.
 *
 * @returns null for anything but a path on this site.
 */
export function localPath(address: string | null): string | null {
  if (!address?.startsWith('/') || !URL.canParse(address, HERE)) return null
  const { origin, pathname, search, hash } = new URL(address, HERE)
  if (origin !== HERE || pathname.startsWith('//')) return null
  return `${pathname}${search}${hash}`
}

/** The sign-up page, which then leads to `path`. */
export function signUpPath(path: string | null): string {
  return path ? `/signup?redirectTo=${encodeURIComponent(path)}` : '/signup'
}

/** The login page, which then returns to `path`. */
export function logInPath(path: string | null, error?: string | null): string {
  const query = new URLSearchParams()
  if (path) query.set('redirectTo', path)
  if (error) query.set('error', error)
  return query.size > 0 ? `/login?${query}` : '/login'
}
