import { after } from '../../platform/clock.ts'
import { pages } from '../../platform/database/keyset.ts'
import { DAY } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'
import { atEachProvider } from './at-each-provider.ts'
import { inParallel } from './in-parallel.ts'
import { isolateFailures } from './isolate-failures.ts'
import { reconcileObject } from './reconcile-object.ts'

/** Each holds a connection while it asks the provider. */
const AT_ONCE = 2
const PAGE = 200

interface DueRow {
  id: string
  object_id: string
  account_id: string
}

/**
 * Takes the steps of failed renewals that are due. The provider is asked first, under the account's lock, and the
 * convergence queues the mail (`followRecovery`). So no mail asks for money that was paid since.
 *
 * @returns the number of recoveries that were due.
 * @throws {PaymentProviderError} while a provider is down. The next run takes the steps.
 */
export async function takeDunningSteps(scope: BillingScope): Promise<number> {
  if (!scope.billing.settings.dunning) return 0
  const billingNow = await scope.billing.time.now()
  const { isolated, conclude } = isolateFailures(scope.log)
  let due = 0
  await atEachProvider(scope, (there) =>
    inParallel(AT_ONCE, dueRows(there, billingNow), async ({ id, object_id, account_id }) => {
      due += 1
      const object = { kind: 'subscription', id: object_id, accountId: account_id } as const
      const done = await isolated(`recovery ${id}`, () => reconcileObject(there, billingNow, object))
      if (done) await postpone(there, id, billingNow)
    }),
  )
  conclude()
  return due
}

async function* dueRows({ em, billing }: BillingScope, billingNow: Date): AsyncIterable<DueRow> {
  const rows = pages<DueRow & { next_step_at: string }>(em, {
    query: `select r.id, r.next_step_at, r.account_id, s.provider_subscription_id as object_id
      from recoveries r join subscriptions s on s.id = r.subscription_id
      where r.ended_at is null and r.provider = ? and r.next_step_at <= ? and s.provider_subscription_id is not null`,
    values: [billing.provider.name, billingNow],
    by: 'next_step_at',
    size: PAGE,
  })
  for await (const page of rows) yield* page
}

/** One that the convergence left alone, because the provider does not know its subscription, waits for a day. */
async function postpone({ em }: BillingScope, id: string, billingNow: Date): Promise<void> {
  await em.execute('update recoveries set next_step_at = ? where id = ? and ended_at is null and next_step_at <= ?', [
    ...[after(billingNow, DAY), id, billingNow],
  ])
}
