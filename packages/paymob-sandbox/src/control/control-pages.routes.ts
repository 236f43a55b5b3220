import express, { type Router } from 'express'
import { isRecord } from '../http/fields.ts'
import { notice, sendPage } from '../pages/layout.ts'
import { Refused } from '../payments/refunds.ts'
import { readChoice } from './choice.ts'
import { controlPage } from './control-page.ts'
import { Flashes, type Flash } from './flashes.ts'
import { BUTTONS, type ControlRoom, type Fields } from './press-button.ts'
import { subscriptionPage } from './subscription-page.ts'

/** How long a button waits for the next callback to be delivered. */
const PATIENCE_MS = 20_000

const CONTROLS = { href: '/_/', label: 'All controls' }

/** The control pages and their forms. Each form does one thing and leads back with a message about it. */
export function controlPages(room: ControlRoom): Router {
  const { paymob, time } = room
  const flashes = new Flashes()
  const router = express.Router()
  router.get('/', (_request, response) => response.redirect('/_/'))
  router.get('/_/', async (request, response) => {
    await time.catchUp()
    const page = controlPage(paymob, readChoice(request.query), flashes.find(request.query['flash']))
    if (page) sendPage(response, 200, page)
    else sendPage(response, 404, notice('Page not found', 'The controls have no such tab.', CONTROLS))
  })
  router.get('/_/subscriptions/:id', async (request, response) => {
    await time.catchUp()
    const row = paymob.state.subscriptions.find(request.params.id)
    if (row) sendPage(response, 200, subscriptionPage(paymob, row, flashes.find(request.query['flash'])))
    else sendPage(response, 404, notice('Page not found', 'This subscription does not exist.', CONTROLS))
  })
  router.post('/_/buttons/:name', express.urlencoded({ extended: false }), async (request, response) => {
    const body: unknown = request.body
    const fields = Object.fromEntries(
      Object.entries(isRecord(body) ? body : {}).filter(
        (field): field is [string, string] => typeof field[1] === 'string',
      ),
    )
    const outcome = await press(room, request.params.name, fields)
    paymob.state.save()
    const back = cameFrom(request.headers.referer, flashes)
    response.redirect(303, 'leadsTo' in outcome ? outcome.leadsTo : back(outcome))
  })
  return router
}

/** The control page that a form was on. The browser says which, as `sendPage` allows it. */
function cameFrom(referer: string | undefined, flashes: Flashes): (flash: Flash) => string {
  const url = referer !== undefined && URL.canParse(referer) ? new URL(referer) : null
  const isControls = url !== null && /^\/_\/(?:subscriptions\/\d+)?$/.test(url.pathname)
  const query = new URLSearchParams(isControls ? url.search : '')
  return (flash) => {
    query.set('flash', flashes.keep(flash))
    return `${isControls ? url.pathname : '/_/'}?${query.toString()}`
  }
}

async function press(room: ControlRoom, name: string, fields: Fields): Promise<Flash | { leadsTo: string }> {
  const { state, deliverer } = room.paymob
  const button = Object.hasOwn(BUTTONS, name) ? BUTTONS[name] : undefined
  if (!button) return { text: 'This button does not exist.', failed: true }
  const before = state.callbacks.size
  try {
    const pressed = await button(room, fields)
    if ('leadsTo' in pressed) return pressed
    await deliverer.drained(PATIENCE_MS)
    const sent = state.callbacks.all().slice(before)
    const types = sent.map(({ type, status }) => `${type} (${status})`).join(', ')
    return { text: sent.length === 0 ? pressed.says : `${pressed.says} Callbacks: ${types}.`, failed: false }
  } catch (error) {
    if (error instanceof Refused) return { text: error.message, failed: true }
    throw error
  }
}
