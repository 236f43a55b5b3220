import { MINUTE } from '../../../platform/durations.ts'
import type { PaymobPlan } from './api/answers.ts'
import type { PaymobApi } from './api/paymob-api.ts'

/** How long a plan is taken from memory. Someone may change its amount in Paymob's dashboard. */
const REMEMBERED_FOR = MINUTE

/**
 * Paymob's plans by their ids. A call for one plan is not documented, so the list is read, page by page, and remembered
 * for a minute.
 */
export class KnownPlans {
  readonly #plans = new Map<string, { plan: PaymobPlan; at: number }>()

  /** @returns null for an unknown plan. */
  async find(api: PaymobApi, id: string): Promise<PaymobPlan | null> {
    const known = this.#plans.get(id)
    if (known && performance.now() - known.at < REMEMBERED_FOR) return known.plan
    for await (const plan of api.plans()) {
      this.#plans.set(plan.id, { plan, at: performance.now() })
      if (plan.id === id) return plan
    }
    return null
  }
}
