import { createGithub, createGoogle, type AuthDeps } from './auth/index.ts'
import type { Config } from './config.ts'

/** Only the providers with a client id. A login with another one fails and says so. */
export function createIdentityProviders(config: Config): AuthDeps['providers'] {
  const { GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET } = config
  const redirectUri = (provider: string) => `${config.API_URL}/auth/social/callback/${provider}`
  return {
    ...(GOOGLE_CLIENT_ID && GOOGLE_CLIENT_SECRET
      ? {
          google: createGoogle({
            issuer: config.GOOGLE_ISSUER,
            clientId: GOOGLE_CLIENT_ID,
            clientSecret: GOOGLE_CLIENT_SECRET,
            redirectUri: redirectUri('google'),
          }),
        }
      : {}),
    ...(GITHUB_CLIENT_ID && GITHUB_CLIENT_SECRET
      ? {
          github: createGithub({
            url: config.GITHUB_URL,
            apiUrl: config.GITHUB_API_URL,
            clientId: GITHUB_CLIENT_ID,
            clientSecret: GITHUB_CLIENT_SECRET,
            redirectUri: redirectUri('github'),
          }),
        }
      : {}),
  }
}
