import express, { type Request, type Response, type Router } from 'express'
import type { Account, Accounts } from '../accounts.ts'
import { authorizeRoutes } from '../authorize/authorize.routes.ts'
import { formOf, isClient } from '../client-auth.ts'
import type { Grant, Grants } from '../grants.ts'
import type { Liar } from '../lies.ts'
import type { ClientCredentials } from '../options.ts'
import { pictureOf } from '../pictures.ts'

export interface GithubOptions {
  /** With the callback URL that it has at GitHub. */
  readonly client: ClientCredentials & { readonly callbackUrl?: string | undefined }
  readonly accounts: Accounts
  readonly grants: Grants
  readonly liar: Liar
}

/** OAuth 2 as GitHub speaks it: an invalid code gets a 200 with an `error`, and the API is at `/api`. */
export function githubRoutes({ client, accounts, grants, liar }: GithubOptions): Router {
  const router = express.Router()
  router.use(
    authorizeRoutes({
      ...{ provider: 'github', title: 'GitHub', path: '/login/oauth/authorize', client },
      ...{ accounts, grants, alwaysAnswered: () => ({}) },
    }),
  )
  router.post(
    '/login/oauth/access_token',
    liar.at('token'),
    express.text({ type: () => true }),
    (req: Request, res: Response) => {
      const form = formOf(req)
      if (!isClient(req, client)) {
        return answer(req, res, {
          error: 'incorrect_client_credentials',
          error_description: 'The client_id and/or client_secret passed are incorrect.',
        })
      }
      const grant = grants.redeem(form.get('code'), {
        provider: 'github',
        clientId: client.clientId,
        redirectUri: form.get('redirect_uri'),
        codeVerifier: form.get('code_verifier') ?? undefined,
      })
      if (!grant) {
        return answer(req, res, {
          error: 'bad_verification_code',
          error_description: 'The code passed is incorrect or expired.',
        })
      }
      answer(req, res, {
        access_token: grants.issueToken(grant, 'gho_'),
        scope: grant.scopes.join(','),
        token_type: 'bearer',
      })
    },
  )
  router.get('/api/user', liar.at('user'), (req, res) => {
    const grant = grants.grantOf('github', req.get('authorization'))
    if (grant) res.json(userOf(grant.account))
    else res.status(401).json({ message: 'Bad credentials', status: '401' })
  })
  router.get('/api/user/emails', liar.at('emails'), (req, res) => {
    const grant = grants.grantOf('github', req.get('authorization'))
    if (!grant) res.status(401).json({ message: 'Bad credentials', status: '401' })
    else if (!maySeeEmails(grant)) res.status(404).json({ message: 'Not Found', status: '404' })
    else res.json(emailsOf(grant.account))
  })
  return router
}

/** Answers with a form unless the client asks for JSON. */
function answer(req: Request, res: Response, params: Record<string, string>): void {
  if (req.accepts(['application/x-www-form-urlencoded', 'application/json']) === 'application/json') res.json(params)
  else res.type('application/x-www-form-urlencoded').send(new URLSearchParams(params).toString())
}

function userOf(account: Account) {
  return {
    login: account.login,
    id: Number(account.id),
    avatar_url: pictureOf(account),
    html_url: `https://github.com/${account.login}`,
    type: 'User',
    name: account.name,
    email: null, // GitHub shows only public addresses, and the sandbox has none
  }
}

function emailsOf({ email, emailVerified }: Account) {
  return email === null ? [] : [{ email, primary: true, verified: emailVerified, visibility: 'private' }]
}

function maySeeEmails({ scopes }: Grant): boolean {
  return scopes.includes('user:email') || scopes.includes('user')
}
