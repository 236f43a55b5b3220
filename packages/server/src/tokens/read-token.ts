/**
 * Where a token comes from: a request of the Fetch API, or the token itself, or the value of an `Authorization` header.
 */
export type TokenSource = { readonly headers: { get(name: string): string | null } } | string | null | undefined

/** Returns the bearer token; undefined if there is none. */
export function readToken(source: TokenSource): string | undefined {
  if (source == null) return undefined
  if (typeof source !== 'string') return /^Bearer +(\S+)$/i.exec(source.headers.get('authorization') ?? '')?.[1]
  return /^(?:Bearer +)?(\S+)$/i.exec(source)?.[1]
}
