import { Webhook } from 'standardwebhooks'
import { factsOf, type Delivery, type Signature } from './delivery.ts'

/** How many deliveries are kept. */
const KEPT = 500

interface Arrival {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly answer: string
}

/** The deliveries that arrived, newest first. They are forgotten when the program stops. */
export class Inbox {
  readonly #secrets: () => readonly string[]
  #deliveries: Delivery[] = []
  #count = 0
  readonly #copies = new Map<string, number>()
  readonly #versions = new Map<string, number>()

  constructor(secrets: () => readonly string[]) {
    this.#secrets = secrets
  }

  add({ headers, body, answer }: Arrival): Delivery {
    this.#count += 1
    const id = headers['webhook-id'] ?? ''
    const copy = (this.#copies.get(id) ?? 0) + 1
    this.#copies.set(id, copy)
    const event = factsOf(body)
    const delivery: Delivery = {
      ...{ number: this.#count, receivedAt: new Date().toISOString(), id, copy, headers, body, event, answer },
      ...this.#check(headers, body),
      isLate: event !== null && event.version !== null && this.#isLate(event.type, event.objectId, event.version),
      isTest: headers['webhook-test'] === 'true',
      ...{ forwards: [], isDropped: false },
    }
    this.#deliveries = [delivery, ...this.#deliveries].slice(0, KEPT)
    return delivery
  }

  /** Newest first. */
  all(): readonly Delivery[] {
    return this.#deliveries
  }

  find(number: number): Delivery | undefined {
    return this.#deliveries.find((delivery) => delivery.number === number)
  }

  clear(): void {
    this.#deliveries = []
    this.#copies.clear()
    this.#versions.clear()
  }

  #check(headers: Readonly<Record<string, string>>, body: string): Pick<Delivery, 'signature' | 'signatureProblem'> {
    const secrets = this.#secrets()
    let signature: Signature = 'unchecked'
    let problem: string | null = null
    for (const secret of secrets) {
      try {
        new Webhook(secret).verify(body, { ...headers })
        return { signature: 'valid', signatureProblem: null }
      } catch (error) {
        signature = 'wrong'
        problem = error instanceof Error ? error.message : String(error)
      }
    }
    return { signature, signatureProblem: problem }
  }

  /** An object is what the first word of the type names. */
  #isLate(type: string, objectId: string, version: number): boolean {
    const object = `${type.split('.')[0]}:${objectId}`
    const highest = this.#versions.get(object) ?? 0
    this.#versions.set(object, Math.max(highest, version))
    return version < highest
  }
}
