import { readPayers } from '../../accounts/index.ts'
import { queueMails } from '../../mail/index.ts'
import { pages } from '../../platform/database/keyset.ts'
import { runWithin } from '../../platform/database/prepared.ts'
import type { BillingScope } from '../billing-scope.ts'
import type { EndedRange } from '../billing.queues.ts'
import type { SubscriptionProvider } from '../provider.schemas.ts'
import { IS_FOLLOWED } from './is-followed.ts'
import { canceledFact, canceledMail } from './queue-canceled-mail.ts'
import { mailTo, namesFor } from './queue-to-payers.ts'

/** Maximum number of emails queued in one transaction. */
const BATCH = 1_000

interface EndedRow {
  id: string
  ended_at: string
  account_id: string
  provider: SubscriptionProvider
  plan_name: string
}

/**
 * Queues the emails for a range of subscriptions that a sweep ended, in batches. A subscription that is live again gets
 * no email, and none gets a second email, so the job may be repeated.
 */
export async function mailEndedSubscriptions(scope: BillingScope, { sweptAt, from, to }: EndedRange): Promise<void> {
  const ended = pages<EndedRow>(scope.em, {
    query: `select subscriptions.id, current_period_end, ended_at, account_id, subscriptions.provider,
        plan.name as plan_name
      from subscriptions join plans plan on plan.id = subscriptions.plan_id
      where swept_at = ? and subscriptions.status = 'canceled' and superseded_at is null and not ${IS_FOLLOWED}
        and (current_period_end, subscriptions.id) <= (?::timestamptz, ?::uuid)`,
    values: [sweptAt, to.end, to.id],
    by: 'current_period_end',
    size: BATCH,
    after: { at: from.end, id: from.id },
  })
  const { timeZones } = scope.billing.settings
  for await (const rows of ended) {
    const payers = await readPayers(
      scope.em,
      rows.map(({ account_id }) => account_id),
    )
    const mails = rows.flatMap(({ id, ended_at, account_id, plan_name, provider }) =>
      (payers.get(account_id) ?? []).map((payer) => {
        const names = namesFor(payer, { accountId: account_id, planName: plan_name, timeZone: timeZones.get(provider) })
        return mailTo(payer, canceledFact(id), canceledMail({ ...names, endedAt: new Date(ended_at) }))
      }),
    )
    await scope.em.transactional((em) => queueMails(runWithin(em), scope, mails))
  }
}
