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
const RETURN = '/billing/pay/return'

/** The longest form that a browser sends here has one token. */
const MAX_BODY_SIZE = '1kb'

interface PayPageOptions {
  router: AppRouter
  createContext: CreateContext
  webUrl: string
  look: PageLook
}

/** What a page says. */
interface Said {
  title: string
  what: string
  next: Html
}

interface Link {
  state: 'open' | 'paid' | 'void' | 'ended'
  url: string | null
  needsCard: boolean
  paysNow: boolean
}

/**
 * `GET /billing/pay?token=`: where the links of mails about failed renewals lead. It sends the reader on to the
 * provider's page for that invoice, or says why there is nothing to pay. It shows nothing of the account.
 *
 * `POST /billing/pay`: the button of that page where the invoice has no page of its own.
 *
 * `GET /billing/pay/return`: where a customer comes back to after that button. Its address proves nothing: the provider is
 * asked what became of the page that it names.
 */
export function createPayRoutes({ router, createContext, webUrl, look }: PayPageOptions): Router {
  const calls = (req: Request, res: Response) => router.createCaller(createContext(req, res)).billing
  const answer =
    (say: (req: Request, res: Response) => Promise<string | Said>): RequestHandler =>
    async (req, res) => {
      res.set('Cache-Control', 'no-store').set('Content-Security-Policy', formsAllowed(look.policy))
      try {
        const said = await say(req, res)
        if (typeof said === 'string') res.redirect(303, said)
        else res.type('html').send(page(look, said))
      } catch (error) {
        const { httpStatus, reason, message, retryAfter } = describeError(error)
        if (reason === new InternalError().reason) throw error
        if (retryAfter !== undefined) res.set('Retry-After', String(retryAfter))
        const what = reason === 'INVALID_INPUT' ? WORDS.unknown : message
        res
          .status(httpStatus)
          .type('html')
          .send(page(look, { title: WORDS.problem, what, next: toLogin(webUrl) }))
      }
    }

  const routes = express.Router()
  routes.get(
    PATH,
    answer(async (req, res) => {
      const token = textOf(req.query['token'])
      const link = await calls(req, res).payLink({ token })
      return link.url ?? sayWhat(link, token, webUrl)
    }),
  )
  routes.post(
    PATH,
    express.urlencoded({ extended: false, limit: MAX_BODY_SIZE }),
    answer(async (req, res) => {
      const read = (field: string) => textOf(req.body instanceof Object ? Reflect.get(req.body, field) : '')
      const token = read('token')
      const link = await calls(req, res).payLink({ token, addsCard: true })
      // The button promised a payment, but this page would only check a card.
      if (read('pays') !== '' && link.state === 'open' && !link.paysNow) return sayOff(token, webUrl)
      return link.url ?? sayWhat(link, token, webUrl)
    }),
  )
  routes.get(
    RETURN,
    answer(async (req, res) => {
      const { state, isCardAdded, retriesAt } = await calls(req, res).payResult({
        sessionId: textOf(req.query['merchant_order_id']),
      })
      const next = toLogin(webUrl)
      if (state !== 'open') return sayState(state, next)
      if (isCardAdded) return { title: WORDS.added, what: retriesAt ? WORDS.retry(retriesAt) : WORDS.renewal, next }
      const isDeclined = req.query['success'] === 'false' && req.query['pending'] !== 'true'
      return { title: WORDS.notAdded, what: isDeclined ? WORDS.declined : WORDS.unsure, next }
    }),
  )
  routes.all(PATH, methodNotAllowed('GET', 'HEAD', 'POST'))
  routes.all(RETURN, methodNotAllowed('GET', 'HEAD'))
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
  card: ['Use another card', 'The payment did not go through. Add another card, and the next attempt will use it.'],
  addCard: 'Add a card',
  pay: [
    'Pay now',
    'The payment did not go through, and we will not try it again. Pay with any card. We will charge that card for the next renewals.',
  ],
  payNow: 'Pay now',
  off: [
    'This payment can no longer be made here',
    'It has already been paid, or the payment provider will collect it automatically. You were not charged just now. Log in to see what is due, and to subscribe again if you have no access. You can also add a card for your next payment.',
  ],
  added: 'Card added',
  retry: (at: Date) =>
    `We will try the payment again with it on ${moment.format(at)} UTC. There is nothing left to do.`,
  renewal: 'We will charge it for the next renewal. There is nothing left to do.',
  notAdded: 'No card was added and nothing was paid',
  declined: 'The card was declined. Open the link in our email again to use another one.',
  unsure: 'We have not received a confirmation yet. If you completed the page, we will email you once we have it.',
  login: 'Log in to see the subscription',
} as const

const moment = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

function sayWhat({ state, needsCard, paysNow }: Link, token: string, webUrl: string): Said {
  if (state !== 'open' || !needsCard) return sayState(state === 'open' ? 'ended' : state, toLogin(webUrl))
  const [title, what] = paysNow ? WORDS.pay : WORDS.card
  return { title, what, next: toPage(token, paysNow) }
}

function sayOff(token: string, webUrl: string): Said {
  const [title, what] = WORDS.off
  return { title, what, next: html`${toLogin(webUrl)} ${toPage(token, false)}` }
}

/** The button that opens the provider's page. It sends what it promises. */
const toPage = (token: string, pays: boolean): Html =>
  html`<form method="post" action="${PATH}">
    <input type="hidden" name="token" value="${token}" />
    <input type="hidden" name="pays" value="${pays ? '1' : ''}" />
    <button>${pays ? WORDS.payNow : WORDS.addCard}</button>
  </form>`

function sayState(state: Exclude<Link['state'], 'open'>, next: Html): Said {
  const [title, what] = WORDS[state]
  return { title, what, next }
}

const toLogin = (webUrl: string): Html => html`<p><a href="${webUrl}">${WORDS.login}</a></p>`

function page({ brand, style }: PageLook, { title, what, next }: Said): string {
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
        <main class="home">
          <h1>${title}</h1>
          <p>${what}</p>
          ${next}
        </main>
      </body>
    </html>`.html
}
