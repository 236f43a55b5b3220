import express, { type Router } from 'express'
import { fieldsOf } from '../http/body.ts'
import { StripeApiError } from '../http/errors.ts'
import { transact } from '../http/transact.ts'
import type { EventRow } from '../state/rows/webhook.ts'
import type { Flash, Flashes } from './flashes.ts'
import { BUTTONS, type ControlRoom, type Fields } from './press-button.ts'
import { whatHappened } from './what-happened.ts'

/** How long a button waits for the next delivery of the events it caused. */
const PATIENCE_MS = 20_000

/** The forms of the control page. Each does one thing and redirects back with a message about it. */
export function buttons({ flashes, ...room }: ControlRoom & { flashes: Flashes }): Router {
  const router = express.Router()
  router.post('/_/buttons/:name', express.urlencoded({ extended: false }), async (request, response) => {
    const fields = Object.fromEntries(
      Object.entries(fieldsOf(request)).filter((field): field is [string, string] => typeof field[1] === 'string'),
    )
    const outcome = await press(room, request.params.name, fields)
    if ('leadsTo' in outcome) response.redirect(303, outcome.leadsTo)
    else response.redirect(303, withFlash(safeReturn(fields['back']), flashes.keep(outcome)))
  })
  return router
}

async function press(room: ControlRoom, name: string, fields: Fields): Promise<Flash | { leadsTo: string }> {
  const button = Object.hasOwn(BUTTONS, name) ? BUTTONS[name] : undefined
  if (!button) return { text: 'This button does not exist.', failed: true }
  const { account, deliverer } = room
  const before = new Set(account.events.all().map((event) => event.id))
  try {
    // An advance has a transaction for each due step. All other buttons have a single one.
    const pressed = name === 'advance' ? button(room, fields) : transact(account, () => button(room, fields))
    if ('leadsTo' in pressed) return pressed
    const isNew = (event: EventRow): boolean => !before.has(event.id)
    await deliverer.drained(
      (delivery) => !before.has(delivery.eventId) || delivery.id === fields['delivery'],
      PATIENCE_MS,
      { skipsDown: true },
    )
    const events = account.events.all().filter(isNew)
    const quiet = events.length === 0 && !BRINGS_EVENTS.has(name)
    return { text: quiet ? pressed.says : `${pressed.says} ${whatHappened(account, events)}`, failed: false }
  } catch (error) {
    if (error instanceof StripeApiError) return { text: error.message, failed: true }
    throw error
  }
}

const BRINGS_EVENTS: ReadonlySet<string> = new Set(['advance', 'cancel', 'resume', 'refund', 'dispute'])

const withFlash = (path: string, flash: string): string => `${path}${path.includes('?') ? '&' : '?'}flash=${flash}`

/** Allows redirects only to the control pages. */
function safeReturn(back = ''): string {
  return /^\/_\/(?:customers\/\w+)?(?:\?[\w=&%.+*-]*)?$/.test(back) ? back : '/_/'
}
