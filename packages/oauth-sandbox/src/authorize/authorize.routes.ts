import express, { type Request, type Response, type Router } from 'express'
import type { Accounts, ProviderName } from '../accounts.ts'
import type { Grants } from '../grants.ts'
import { html, sendPage } from '../html.ts'
import { authorizeForm } from './authorize-page.ts'
import { readAuthorizeRequest, type AuthorizeClient, type AuthorizeRequest } from './authorize-request.ts'
import { chooseAccount } from './choose-account.ts'

export interface AuthorizeRoutesOptions {
  readonly provider: ProviderName
  readonly title: string
  readonly path: string
  readonly client: AuthorizeClient
  readonly accounts: Accounts
  readonly grants: Grants
  /** Parameters of every answer, such as OpenID Connect's `iss`. */
  readonly alwaysAnswered: () => Record<string, string>
}

/** The authorize page: GET shows it, and POST to the same URL submits the decision. */
export function authorizeRoutes(options: AuthorizeRoutesOptions): Router {
  const { provider, title, path, accounts, grants } = options
  const router = express.Router()
  const page = ({ redirectUri }: AuthorizeRequest, error?: string) => {
    const shown = { title, provider, accounts: accounts.of(provider), app: new URL(redirectUri).host }
    return { title: `Log in with ${title}`, provider, body: authorizeForm(shown, error) }
  }

  router.get(path, (req, res) => {
    const request = readAuthorizeRequest(queryOf(req), options.client)
    if (typeof request === 'string') return refuse(res, request)
    sendPage(res, 200, page(request))
  })

  router.post(path, express.text({ type: () => true }), (req: Request, res: Response) => {
    const request = readAuthorizeRequest(queryOf(req), options.client)
    if (typeof request === 'string') return refuse(res, request)
    const form = new URLSearchParams(typeof req.body === 'string' ? req.body : '')
    const answer = (params: Record<string, string>) =>
      res.redirect(302, answerUrl(request, { ...params, ...options.alwaysAnswered() }))

    if (form.get('decision') === 'deny') {
      answer({ error: 'access_denied', error_description: 'The user has denied your application access.' })
      return
    }
    const account =
      form.get('decision') === 'allow' ? chooseAccount(accounts, provider, form) : 'Choose Continue or Cancel.'
    if (typeof account === 'string') {
      sendPage(res, 400, page(request, account))
      return
    }
    answer({ code: grants.issueCode({ ...request, provider, account }) })
  })
  return router
}

function queryOf(req: Request): URLSearchParams {
  return new URL(req.originalUrl, 'http://sandbox').searchParams
}

function refuse(res: Response, message: string): void {
  const body = html`<h1>Invalid request</h1>
    <p>${message}</p>`
  sendPage(res, 400, { title: 'Invalid request', body })
}

function answerUrl({ redirectUri, state }: AuthorizeRequest, params: Record<string, string>): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
  if (state !== undefined) url.searchParams.set('state', state)
  return url.href
}
