import express, { type RequestHandler, type Response, type Router } from 'express'
import type { Delivery } from './delivery.ts'
import { CALM, readDisturbance } from './disturbance.ts'
import { receiverPage, unknownPage, type Flash } from './page.ts'
import { stateOf, type Receiver } from './receiver.ts'

/** The page with its buttons, and the same for programs. */
export function controlRoutes(receiver: Receiver): Router {
  const { inbox, forwarder, settings } = receiver
  const router = express.Router()
  let flash: Flash | undefined

  /** @throws {Error} for a number that is not a delivery's, or without an address. */
  const passAgain = async (number: unknown): Promise<Delivery> => {
    const delivery = inbox.find(Number(number))
    if (!delivery) throw new Error(`There is no delivery ${String(number)}.`)
    if (settings.forwardTo === null) throw new Error('Enter the address of your own app first.')
    await forwarder.send(delivery)
    return delivery
  }
  const buttons: Readonly<Record<string, (fields: Record<string, unknown>) => Promise<string> | string>> = {
    forward({ url }) {
      settings.forward(textOf(url))
      return settings.forwardTo === null
        ? 'Nothing is passed on.'
        : `Deliveries are passed on to ${settings.forwardTo}.`
    },
    secret({ secret }) {
      settings.addSecret(textOf(secret))
      return 'Signatures are checked with this secret, too, from the next delivery on.'
    },
    disturb(fields) {
      const { drop, duplicate, reorder, delayMs, answer } = fields
      const shares = { drop: Number(drop), duplicate: Number(duplicate), reorder: Number(reorder) }
      receiver.disturbance = readDisturbance({ ...shares, delayMs: Number(delayMs), answer }, CALM)
      return 'Saved.'
    },
    calm() {
      receiver.disturbance = CALM
      return 'Everything is passed on as it comes.'
    },
    clear() {
      inbox.clear()
      return 'The list is empty.'
    },
    async pass({ number }) {
      await passAgain(number)
      return 'Passed on.'
    },
  }

  router.get('/', (_request, response) => response.redirect(303, '/_/'))
  router.get('/_/', (_request, response) => {
    sendPage(response, receiverPage(receiver, flash).text)
    flash = undefined
  })
  router.get('/_/state', (_request, response) => {
    response.type('text').send(stateOf(receiver))
  })
  router.post('/_/buttons/:name', express.urlencoded({ extended: false }), async (request, response) => {
    const { name } = request.params
    const press = Object.hasOwn(buttons, name) ? buttons[name] : undefined
    if (!press) {
      response.status(404).json({ error: { message: 'There is no such button.' } })
      return
    }
    try {
      flash = { text: await press({ ...(request.body as object) }), failed: false }
    } catch (error) {
      flash = { text: error instanceof Error ? error.message : String(error), failed: true }
    }
    response.redirect(303, '/_/')
  })

  router.get('/_/deliveries', (_request, response) => void response.json(inbox.all()))
  router.delete('/_/deliveries', (_request, response) => {
    inbox.clear()
    response.json({})
  })
  router.post('/_/deliveries/:number/pass', async (request, response) => {
    await answered(response, () => passAgain(request.params.number))
  })
  router.get('/_/chaos', (_request, response) => void response.json(receiver.disturbance))
  router.put('/_/chaos', express.json(), async (request, response) => {
    await answered(response, () => {
      receiver.disturbance = readDisturbance(request.body, CALM)
      return receiver.disturbance
    })
  })
  router.get('/_/forward', (_request, response) => void response.json({ url: settings.forwardTo }))
  router.put('/_/forward', express.json(), async (request, response) => {
    await answered(response, () => {
      const { url } = { ...(request.body as { url?: unknown }) }
      if (typeof url !== 'string') throw new Error('url must be a text: the address of your app, or empty for none.')
      settings.forward(url)
      return { url: settings.forwardTo }
    })
  })
  router.post('/_/secrets', express.json(), async (request, response) => {
    await answered(response, () => {
      const { secret } = { ...(request.body as { secret?: unknown }) }
      settings.addSecret(textOf(secret))
      return { known: settings.secrets.length }
    })
  })
  return router
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

async function answered(response: Response, work: () => unknown): Promise<void> {
  try {
    response.json(await work())
  } catch (error) {
    response.status(400).json({ error: { message: error instanceof Error ? error.message : String(error) } })
  }
}

/** Answers requests for unknown addresses: with a page for a browser, and with JSON for a program. */
export const answerUnknown: RequestHandler = ({ headers, method, path }, response) => {
  response.status(404)
  if (headers.accept?.includes('text/html')) {
    sendPage(response, unknownPage().text)
    return
  }
  const message = `The receiver has nothing at ${method} ${path}. Webhooks go to POST /hooks. The controls begin with /_.`
  response.json({ error: { message } })
}

/** Other sites can't put the page in a frame. */
function sendPage(response: Response, page: string): void {
  response
    .set({
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    .type('html')
    .send(page)
}
