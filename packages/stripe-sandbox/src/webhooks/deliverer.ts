import { API_VERSION, findVersion } from '../api-versions.ts'
import type { Activity } from '../options.ts'
import { withEchoes } from '../resources/echoes.ts'
import { serializeEvent } from '../resources/webhook.ts'
import type { Account } from '../state/account.ts'
import type { Change } from '../state/journal.ts'
import type { DeliveryRow } from '../state/rows/webhook.ts'
import { wallNow } from '../time.ts'
import { shapeOf } from '../versions/shape.ts'
import { eventInShape } from '../versions/show-event.ts'
import type { Chaos } from './chaos.ts'
import { Poster } from './poster.ts'
import { signatureHeader } from './signature.ts'

interface DelivererOptions {
  /** Milliseconds from each failed attempt to the next. */
  readonly retryDelaysMs: readonly number[]
  /** How long an endpoint may take to answer. */
  readonly timeoutMs: number
  readonly report: (activity: Activity) => void
}

/** Maximum number of concurrent deliveries to one endpoint. */
const CONCURRENCY = 8
/** Maximum random delay of a delivery that is reordered or duplicated. */
const REORDER_MS = 400

/** An endpoint's deliveries in order. Those before `next` have been taken. */
interface Queue {
  waiting: string[]
  next: number
  running: number
}

/** Sends events to webhook endpoints, outside the requests that caused them, with retries. */
export class Deliverer {
  readonly #account: Account
  readonly #chaos: Chaos
  readonly #options: DelivererOptions
  readonly #queues = new Map<string, Queue>()
  readonly #timers = new Set<NodeJS.Timeout>()
  /** Called with the id of each delivery that has ended, or that got no response and is sent again later. */
  readonly #watchers = new Set<(id: string, ended: boolean) => void>()
  readonly #poster: Poster
  #closed = false

  constructor(account: Account, chaos: Chaos, options: DelivererOptions) {
    this.#account = account
    this.#chaos = chaos
    this.#options = options
    this.#poster = new Poster(options.timeoutMs)
    account.journal.onCommit((changes) => this.#queueNew(changes))
  }

  /** Resumes the deliveries that were pending when the sandbox stopped. */
  start(): void {
    for (const delivery of this.#account.deliveries.all()) {
      if (delivery.status === 'pending')
        this.#later(delivery.id, Math.max(0, (delivery.nextAttemptAt ?? 0) - Date.now()))
    }
  }

  /** Sends a delivery again, whatever its status. */
  resend(id: string): DeliveryRow {
    const row = this.#account.deliveries.patch(id, { status: 'pending', nextAttemptAt: Date.now() })
    this.#enqueue(row)
    return row
  }

  /**
   * Waits until no matching delivery is pending, or until none has ended for `patienceMs`. That is no limit for the
   * entire wait, because an advance may have 100,000 deliveries and take long on a busy machine.
   *
   * @param options.skipsDown don't wait for retries of deliveries that got no response, as while the app is down.
   */
  async drained(matches: (row: DeliveryRow) => boolean, patienceMs: number, { skipsDown = false } = {}): Promise<void> {
    const waiting = new Set(
      this.#account.deliveries
        .all()
        .filter((row) => row.status === 'pending' && matches(row))
        .map((row) => row.id),
    )
    if (waiting.size === 0) return
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        this.#watchers.delete(strike)
        clearTimeout(timer)
        resolve()
      }
      const strike = (id: string, ended: boolean): void => {
        if ((ended || skipsDown) && waiting.delete(id)) timer.refresh()
        if (waiting.size === 0) finish()
      }
      const timer = setTimeout(finish, patienceMs)
      this.#watchers.add(strike)
    })
  }

  close(): void {
    this.#closed = true
    this.#poster.close()
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #queueNew(changes: readonly Change[]): void {
    const fresh = changes
      .filter((change) => change.table === this.#account.deliveries.name)
      .map((change) => this.#account.deliveries.find(change.id))
      .filter((row) => row?.status === 'pending' && row.attempts === 0 && row.nextAttemptAt === null)
    // In one transaction, so that a state file gets one line for all of them.
    this.#account.journal.transaction(() => {
      for (const row of fresh) if (row) this.#admit(row)
    })
  }

  /** Schedules a new delivery and applies chaos to it. Retries are not affected. */
  #admit(row: DeliveryRow): void {
    const { drop, duplicate, reorder, delayMs } = this.#chaos.deliveries
    this.#account.deliveries.patch(row.id, {
      nextAttemptAt: Date.now() + delayMs,
      ...(Math.random() < drop && { status: 'dropped', nextAttemptAt: null }),
    })
    const admitted = this.#account.deliveries.get(row.id)
    if (admitted.status === 'dropped') {
      this.#report(admitted)
      this.#tell(row.id)
      return
    }
    const late = Math.random() < reorder ? Math.random() * REORDER_MS : 0
    this.#later(row.id, delayMs + late)
    if (Math.random() < duplicate) this.#later(row.id, delayMs + Math.random() * REORDER_MS)
  }

  #later(id: string, ms: number): void {
    if (this.#closed) return
    const enqueue = (): void => {
      const row = this.#account.deliveries.find(id)
      if (row) this.#enqueue(row)
    }
    if (ms <= 0) {
      enqueue()
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      enqueue()
    }, ms)
    this.#timers.add(timer)
  }

  #enqueue({ id, endpoint }: DeliveryRow): void {
    const queue = this.#queues.get(endpoint) ?? { waiting: [], next: 0, running: 0 }
    this.#queues.set(endpoint, queue)
    queue.waiting.push(id)
    void this.#work(queue)
  }

  async #work(queue: Queue): Promise<void> {
    if (queue.running >= CONCURRENCY) return
    queue.running += 1
    // Run after the request that caused the delivery.
    await new Promise(setImmediate)
    for (let id = takeNext(queue); id !== undefined && !this.#closed; id = takeNext(queue)) await this.#attempt(id)
    queue.running -= 1
  }

  async #attempt(id: string): Promise<void> {
    const delivery = this.#account.deliveries.find(id)
    const endpoint = delivery && this.#account.webhookEndpoints.find(delivery.endpoint)
    if (!delivery) return
    if (!endpoint || endpoint.status === 'disabled') {
      this.#conclude(id, { status: 'failed', nextAttemptAt: null })
      return
    }
    const event = this.#account.events.get(delivery.eventId)
    const pending = this.#account.deliveries.by('eventId', event.id).filter((row) => row.status !== 'delivered').length
    const apiVersion = endpoint.api_version ?? this.#account.settings.apiVersion
    const shape = shapeOf(findVersion(apiVersion) ?? API_VERSION)
    const shown = serializeEvent(eventInShape(this.#account, event, shape), {
      pending: Math.max(1, pending),
      apiVersion,
    })
    const body = JSON.stringify(shape.isNewest ? withEchoes(this.#account, shown) : shown, null, 2)
    const secrets = endpoint.secrets
      .filter((secret) => secret.expires_at === null || secret.expires_at > wallNow())
      .map((secret) => secret.value)
    const responseStatus = await this.#poster.post(endpoint.url, body, signatureHeader(body, secrets, wallNow()))
    if (this.#closed) return

    const attempts = (this.#account.deliveries.find(id)?.attempts ?? 0) + 1
    if (responseStatus !== null && responseStatus >= 200 && responseStatus < 300) {
      this.#conclude(id, { status: 'delivered', attempts, responseStatus, nextAttemptAt: null })
      return
    }
    const delay = this.#options.retryDelaysMs[attempts - 1]
    if (delay === undefined) {
      this.#conclude(id, { status: 'failed', attempts, responseStatus, nextAttemptAt: null })
      return
    }
    this.#report(this.#account.deliveries.patch(id, { attempts, responseStatus, nextAttemptAt: Date.now() + delay }))
    this.#later(id, delay)
    if (responseStatus === null) this.#tell(id, false)
  }

  #conclude(id: string, changes: Partial<DeliveryRow>): void {
    const row = this.#account.deliveries.find(id)
    // The second copy of a duplicate must not undo the success of the first.
    if (row && !(row.status === 'delivered' && changes.status === 'failed'))
      this.#report(this.#account.deliveries.patch(id, changes))
    this.#tell(id)
  }

  #report({ eventId: event, type, url, responseStatus, status }: DeliveryRow): void {
    this.#options.report({ kind: 'delivery', event, type, url, responseStatus, status })
  }

  #tell(id: string, ended = true): void {
    for (const watcher of this.#watchers) watcher(id, ended)
  }
}

/**
 * Takes the next waiting delivery. Removing it from the array would shift all the others, of which there may be
 * 100,000.
 */
function takeNext(queue: Queue): string | undefined {
  const id = queue.waiting[queue.next]
  queue.next += 1
  if (id === undefined) {
    queue.waiting = []
    queue.next = 0
  }
  return id
}
