import express, { type Request, type Response, type Router } from 'express'
import type { Accounts } from '../accounts.ts'
import { authorizeRoutes } from '../authorize/authorize.routes.ts'
import { formOf, isClient } from '../client-auth.ts'
import type { Grants } from '../grants.ts'
import type { Liar } from '../lies.ts'
import type { ClientCredentials } from '../options.ts'
import { claimsAbout, signIdToken, type Signer } from './id-token.ts'

export interface GoogleOptions {
  readonly client: ClientCredentials
  readonly accounts: Accounts
  readonly grants: Grants
  readonly liar: Liar
  readonly signer: Promise<Signer>
  /** Known once the sandbox listens. */
  readonly issuer: () => string
}

/** OpenID Connect as Google speaks it: discovery, authorize page, token, userinfo, keys. */
export function googleRoutes({ client, accounts, grants, liar, signer, issuer }: GoogleOptions): Router {
  const router = express.Router()

  router.get('/.well-known/openid-configuration', liar.at('discovery'), (_req, res) => {
    res.json(discoveryOf(issuer()))
  })
  router.get('/jwks', liar.at('jwks'), async (_req, res) => {
    res.json({ keys: [(await signer).publicKey] })
  })
  router.use(
    authorizeRoutes({
      ...{
        provider: 'google',
        title: 'Google',
        path: '/authorize',
        client: { clientId: client.clientId },
        accounts,
        grants,
      },
      alwaysAnswered: () => ({ iss: issuer() }),
    }),
  )
  router.post('/token', liar.at('token'), express.text({ type: () => true }), async (req: Request, res: Response) => {
    res.set('cache-control', 'no-store')
    if (!isClient(req, client)) {
      res.status(401).json({ error: 'invalid_client', error_description: 'The OAuth client was not found.' })
      return
    }
    const form = formOf(req)
    const grant =
      form.get('grant_type') === 'authorization_code'
        ? grants.redeem(form.get('code'), {
            provider: 'google',
            clientId: client.clientId,
            redirectUri: form.get('redirect_uri'),
            codeVerifier: form.get('code_verifier') ?? undefined,
          })
        : undefined
    if (!grant) {
      res.status(400).json({ error: 'invalid_grant', error_description: 'Bad Request' })
      return
    }
    const signing = { issuer: issuer(), signer: await signer, clientSecret: client.clientSecret }
    res.json({
      access_token: grants.issueToken(grant, 'ya29.'),
      token_type: 'Bearer',
      expires_in: 3599,
      scope: grant.scopes.join(' '),
      ...(grant.scopes.includes('openid') ? { id_token: await signIdToken(signing, grant, liar.lies.idToken) } : {}),
    })
  })
  router.get('/userinfo', liar.at('user'), (req, res) => {
    const grant = grants.grantOf('google', req.get('authorization'), req.query['access_token'])
    if (grant) res.json(claimsAbout(grant))
    else res.status(401).json({ error: 'invalid_request', error_description: 'Invalid Credentials' })
  })
  return router
}

function discoveryOf(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: 'aud azp email email_verified exp family_name given_name iat iss name picture sub'.split(' '),
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  }
}
