import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  Configuration,
  customFetch,
  fetchProtectedResource,
} from 'openid-client'
import { z } from 'zod'
import { OAuthFailed } from '../auth.errors.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { avatarFrom, splitName } from './profile-fields.ts'
import { provenAddress } from './proven-address.ts'
import { providerFailure } from './provider-failure.ts'
import type { IdentityProvider, ProvenAddress } from './provider.ts'

export interface GithubSettings {
  /** Base URL of GitHub's pages. Both URLs have no trailing slash. */
  readonly url: string
  readonly apiUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
}

const User = z.object({
  id: z.int().positive(),
  login: z.string().min(1).max(100),
  name: z.string().nullish(),
  avatar_url: z.string().nullish(),
})

const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() })).max(1000)
type Emails = z.infer<typeof Emails>

/** GitHub's forwarding addresses. They follow the login, which may pass to another person. */
const NO_REPLY = /@(?:[\w.-]+\.)?noreply\.github\.com$/i

/**
 * GitHub's OAuth 2: code flow with PKCE. The user's data comes from GitHub's API.
 *
 * @see https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 */
export function createGithub(settings: GithubSettings): IdentityProvider {
  const configuration = configure(settings)

  async function read<Schema extends z.ZodType>(
    accessToken: string,
    path: string,
    schema: Schema,
  ): Promise<z.infer<Schema>> {
    const headers = new Headers({ accept: 'application/vnd.github+json', 'user-agent': 'tollgate' })
    const url = new URL(`${settings.apiUrl}${path}`)
    const response = await fetchProtectedResource(configuration, accessToken, url, 'GET', undefined, headers)
    if (response.status !== 200) throw new OAuthFailed(`GET ${path} answered ${response.status}.`)
    const parsed = schema.safeParse(await response.json())
    if (!parsed.success) throw new OAuthFailed(`GET ${path} gave an answer of an unexpected form.`)
    return parsed.data
  }

  return {
    name: 'github',
    async authorizationUrl({ state, codeVerifier }) {
      return buildAuthorizationUrl(configuration, {
        redirect_uri: settings.redirectUri,
        scope: 'read:user user:email',
        state,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      }).href
    },
    async identify(query, { state, codeVerifier }) {
      try {
        const answer = new URL(`${settings.redirectUri}?${query.toString()}`)
        const checks = { expectedState: state, pkceCodeVerifier: codeVerifier }
        const { access_token } = await authorizationCodeGrant(configuration, answer, checks)
        const [user, emails] = await Promise.all([
          read(access_token, '/user', User),
          read(access_token, '/user/emails', Emails),
        ])
        return {
          provider: 'github' as const,
          subject: String(user.id),
          login: user.login,
          address: addressOf(emails),
          ...splitName(user.name),
          avatarUrl: avatarFrom(user.avatar_url),
        }
      } catch (error) {
        throw providerFailure(error)
      }
    },
  }
}

function configure({ url, clientId, clientSecret }: GithubSettings): Configuration {
  const configuration = new Configuration(
    {
      // As in https://github.com/.well-known/oauth-authorization-server/login/oauth
      issuer: `${url}/login/oauth`,
      authorization_endpoint: `${url}/login/oauth/authorize`,
      token_endpoint: `${url}/login/oauth/access_token`,
    },
    clientId,
    clientSecret,
  )
  configuration[customFetch] = boundedFetch
  configuration.timeout = 10
  // oxlint-disable-next-line typescript/no-deprecated -- marked deprecated only to stand out; for a sandbox, see google.ts
  if (url.startsWith('http://')) allowInsecureRequests(configuration)
  return configuration
}

/** Chooses the primary address if it is verified, otherwise the first other verified address. */
function addressOf(emails: Emails): ProvenAddress {
  const real = emails.filter(({ email }) => !NO_REPLY.test(email))
  if (real.length === 0) return { state: 'none' }
  const verified = real.filter((address) => address.verified)
  const chosen = verified.find(({ primary }) => primary) ?? verified[0]
  return chosen ? provenAddress(chosen.email) : { state: 'unverified' }
}
