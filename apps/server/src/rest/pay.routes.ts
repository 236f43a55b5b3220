import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import { describeError } from '../platform/errors/describe-error.ts'
import { InternalError } from '../platform/errors/errors.ts'
import { methodNotAllowed } from '../platform/http/error-response.ts'
import type { CreateContext } from '../platform/rpc/request-context.ts'
import type { AppRouter } from '../router.ts'
import { brandLink } from './docs-page.ts'
import type { PageLook } from './docs-style.ts'
import { html, type Html } from './html.ts'

const PATH = '/billing/pay'

/** The longest form that a browser sends here has one token. */
const MAX_BODY_SIZE = '1kb'

interface PayPageOptions {
  router: AppRouter
  createContext: CreateContext
  webUrl: string
  look: PageLook
}

interface Link {
  state: 'open' | 'paid' | 'void' | 'ended'
  url: string | null
  needsCard: boolean
}

/**
 * `GET /billing/pay?token=`: where the links of mails about failed renewals lead. It sends the reader on to the
 * provider's page for that invoice, or says why there is nothing to pay. It shows nothing of the account.
 *
 * `POST /billing/pay`: the button of that page where the invoice has no page of its own.
 */
export function createPayRoutes({ router, createContext, webUrl, look }: PayPageOptions): Router {
  const read = (req: Request, res: Response, input: { token: string; addsCard?: boolean }): Promise<Link> =>
    router.createCaller(createContext(req, res)).billing.payLink(input)
  const answer =
    (link: (req: Request, res: Response) => Promise<{ token: string; link: Link }>): RequestHandler =>
    async (req, res) => {
      res.set('Cache-Control', 'no-store').set('Content-Security-Policy', formsAllowed(look.policy))
      try {
        const { token, link: found } = await link(req, res)
        if (found.url) res.redirect(303, found.url)
        else res.type('html').send(page(look, sayWhat(found, token, webUrl)))
      } catch (error) {
        const { httpStatus, reason, message, retryAfter } = describeError(error)
        if (reason === new InternalError().reason) throw error
        if (retryAfter !== undefined) res.set('Retry-After', String(retryAfter))
        const said = reason === 'INVALID_INPUT' ? WORDS.unknown : message
        res
          .status(httpStatus)
          .type('html')
          .send(
            page(
              look,
              html`<h1>${WORDS.problem}</h1>
                <p>${said}</p>
                ${toLogin(webUrl)}`,
            ),
          )
      }
    }

  const routes = express.Router()
  routes.get(
    PATH,
    answer(async (req, res) => {
      const token = textOf(req.query['token'])
      return { token, link: await read(req, res, { token }) }
    }),
  )
  routes.post(
    PATH,
    express.urlencoded({ extended: false, limit: MAX_BODY_SIZE }),
    answer(async (req, res) => {
      const token = textOf(req.body instanceof Object ? Reflect.get(req.body, 'token') : '')
      return { token, link: await read(req, res, { token, addsCard: true }) }
    }),
  )
  routes.all(PATH, methodNotAllowed('GET', 'HEAD', 'POST'))
  return routes
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Browsers apply `form-action` to redirects, too, and the form's answer redirects to the provider. */
const formsAllowed = (policy: string): string => policy.replace("form-action 'none'", 'form-action *')

const WORDS = {
  problem: 'This link does not work',
  unknown: 'This payment link is not complete. Open the link in our email again, or copy all of it.',
  paid: ['Already paid', 'This invoice is paid. There is nothing left to do.'],
  void: ['Nothing to pay', 'This invoice was canceled, so you do not have to pay it.'],
  ended: ['Nothing to pay', 'This payment is no longer open, so you do not have to pay it.'],
  card: ['Use another card', 'The payment did not go through. Add another card, and we will try again with it.'],
  addCard: 'Add a card',
  login: 'Log in to see the subscription',
} as const

function sayWhat({ state, needsCard }: Link, token: string, webUrl: string): Html {
  const [title, what] = state === 'open' && needsCard ? WORDS.card : WORDS[state === 'open' ? 'ended' : state]
  const form = html`<form method="post" action="${PATH}">
    <input type="hidden" name="token" value="${token}" /><button>${WORDS.addCard}</button>
  </form>`
  return html`<h1>${title}</h1>
    <p>${what}</p>
    ${state === 'open' ? form : toLogin(webUrl)}`
}

const toLogin = (webUrl: string): Html => html`<p><a href="${webUrl}">${WORDS.login}</a></p>`

function page({ brand, style }: PageLook, main: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${brand.name}</title>
        ${style}
      </head>
      <body>
        <header class="top">${brandLink(brand, brand.name)}</header>
        <main class="home">${main}</main>
      </body>
    </html>`.html
}
