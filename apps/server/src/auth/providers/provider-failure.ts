import { OAuthFailed } from '../auth.errors.ts'

/**
 * Turns every failure between us and a provider into an OAuthFailed.
 *
 * For the log it keeps only names, codes, and the library's own messages. The errors' other fields contain answers of
 * the provider, including tokens.
 */
export function providerFailure(error: unknown): OAuthFailed {
  if (error instanceof OAuthFailed) return error
  return new OAuthFailed(describe(error))
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : ''
  const refusal = 'error' in error && typeof error.error === 'string' ? ` ${error.error.slice(0, 60)}` : ''
  const cause = error.cause instanceof Error ? `; ${describe(error.cause)}` : ''
  return `${error.name}${code}${refusal}: ${error.message.slice(0, 200)}${cause}`
}
