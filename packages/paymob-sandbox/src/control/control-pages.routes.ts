import express, { type Router } from 'express'
import { isRecord } from '../http/fields.ts'
import { sendPage } from '../pages/layout.ts'
import { Refused } from '../payments/refunds.ts'
import { controlPage } from './control-page.ts'
import { Flashes, type Flash } from './flashes.ts'
import { BUTTONS, type ControlRoom, type Fields } from './press-button.ts'

/** How long a button waits for the next callback to be delivered. */
const PATIENCE_MS = 20_000

/** The control page and its forms. Each form does one thing and redirects back with a message about it. */
export function controlPages(room: ControlRoom): Router {
  const { paymob, time } = room
  const flashes = new Flashes()
  const router = express.Router()
  router.get('/', (_request, response) => response.redirect('/_/'))
  router.get('/_/', async (request, response) => {
    await time.catchUp()
    sendPage(response, 200, controlPage(paymob, flashes.find(request.query['flash'])))
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
    response.redirect(303, 'leadsTo' in outcome ? outcome.leadsTo : `/_/?flash=${flashes.keep(outcome)}`)
  })
  return router
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
