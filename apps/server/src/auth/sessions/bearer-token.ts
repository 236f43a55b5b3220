/** @returns the access token of an `Authorization` header; undefined if it has none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1]
}
