import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  type Configuration,
} from 'openid-client'
import { z } from 'zod'
import { HOUR } from '../../platform/durations.ts'
import { OAuthFailed } from '../auth.errors.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { avatarFrom, nameFrom, splitName } from './profile-fields.ts'
import { provenAddress } from './proven-address.ts'
import { providerFailure } from './provider-failure.ts'
import type { IdentityProvider } from './provider.ts'

export interface GoogleSettings {
  /** Without a trailing slash. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
}

/** How long Google's endpoints and keys are cached. */
const METADATA_LIFE = HOUR

const Claims = z.object({
  sub: z.string().min(1).max(255),
  email: z.string().optional(),
  email_verified: z.unknown().optional(),
  name: z.string().optional(),
  given_name: z.string().optional(),
  family_name: z.string().optional(),
  picture: z.string().optional(),
})

/**
 * Google's OpenID Connect: code flow with PKCE and nonce. It checks the ID token's issuer, audience, nonce, times, and
 * signature, and accepts only RS256.
 *
 * @see https://developers.google.com/identity/openid-connect/openid-connect
 */
export function createGoogle(settings: GoogleSettings): IdentityProvider {
  const configuration = rememberFor(METADATA_LIFE, () => discover(settings))

  return {
    name: 'google',
    async authorizationUrl({ state, codeVerifier, nonce }) {
      try {
        return buildAuthorizationUrl(await configuration(), {
          redirect_uri: settings.redirectUri,
          scope: 'openid email profile',
          prompt: 'select_account',
          state,
          nonce,
          code_challenge: await calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
        }).href
      } catch (error) {
        throw providerFailure(error)
      }
    },
    async identify(query, { state, codeVerifier, nonce }) {
      try {
        const answer = new URL(`${settings.redirectUri}?${query.toString()}`)
        const checks = {
          expectedState: state,
          pkceCodeVerifier: codeVerifier,
          expectedNonce: nonce,
          idTokenExpected: true,
        }
        const tokens = await authorizationCodeGrant(await configuration(), answer, checks)
        return accountOf(tokens.claims())
      } catch (error) {
        throw providerFailure(error)
      }
    },
  }
}

async function discover({ issuer, clientId, clientSecret }: GoogleSettings): Promise<Configuration> {
  const found = await discovery(
    new URL(issuer),
    clientId,
    { client_secret: clientSecret, id_token_signed_response_alg: 'RS256' },
    undefined,
    {
      [customFetch]: boundedFetch,
      timeout: 10,
      // HTTP is for a sandbox on this machine. In production, the configuration allows only HTTPS.
      // oxlint-disable-next-line typescript/no-deprecated -- marked deprecated only to stand out
      execute: issuer.startsWith('http://') ? [allowInsecureRequests] : [],
    },
  )
  // Without this, the library trusts TLS and doesn't check the signature of an ID token.
  enableNonRepudiationChecks(found)
  return found
}

function accountOf(claims: unknown) {
  const parsed = Claims.safeParse(claims)
  if (!parsed.success) throw new OAuthFailed('The ID token has missing or invalid claims.')

  const { sub, email, email_verified, name, given_name, family_name, picture } = parsed.data
  const split = splitName(name)
  return {
    provider: 'google' as const,
    subject: sub,
    login: null,
    address: !email
      ? { state: 'none' as const }
      : email_verified === true
        ? provenAddress(email)
        : { state: 'unverified' as const },
    firstName: nameFrom(given_name) ?? split.firstName,
    lastName: given_name ? nameFrom(family_name) : split.lastName,
    avatarUrl: avatarFrom(picture),
  }
}

/** Caches an answer for `ms`. Simultaneous callers share one request. A failure is not cached. */
function rememberFor<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  let freshUntil = 0
  return () => {
    if (!answer || performance.now() > freshUntil) {
      const asked = ask()
      answer = asked
      freshUntil = performance.now() + ms
      asked.catch(() => {
        if (answer === asked) answer = undefined
      })
    }
    return answer
  }
}
