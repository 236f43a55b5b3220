import type { EntityManager } from '@mikro-orm/postgresql'
import { IS_FOLLOWED } from './is-followed.ts'

/**
 * Whether a mail about billing would no longer be true: its invoice was paid since, or its subscription goes on, was
 * resumed, has ended, or is followed by another. A mail about something that has happened stays true.
 *
 * @param fact what the mail is about: `template:object:occurrence`.
 */
export async function isFactOver(em: EntityManager, fact: string): Promise<boolean> {
  const [template = '', object = ''] = fact.split(':')
  switch (template) {
    case 'payment-failed':
    case 'payment-action-required':
    case 'payment-reminder':
      return !(await exists(
        em,
        "select 1 from payments where provider_invoice_id = ? and status in ('pending', 'requires_action', 'failed')",
        object,
      ))
    case 'trial-ending':
      return !(await exists(em, "select 1 from subscriptions where id = ? and status = 'trialing'", object))
    case 'card-expiring':
      return !(await exists(
        em,
        "select 1 from subscriptions where id = ? and status <> 'canceled' and not cancel_at_period_end",
        object,
      ))
    case 'subscription-will-cancel':
      return !(await exists(
        em,
        `select 1 from subscriptions where id = ? and status <> 'canceled'
           and (cancel_at_period_end or cancel_at is not null) and not ${IS_FOLLOWED}`,
        object,
      ))
    case 'subscription-canceled':
      return exists(em, `select 1 from subscriptions where id = ? and ${IS_FOLLOWED}`, object)
    case 'plan-upcoming':
      return !(await exists(em, "select 1 from upcoming_subscriptions where id = ? and status = 'waiting'", object))
    case 'subscription-paused':
      return !(await exists(
        em,
        "select 1 from subscriptions where id = ? and status <> 'canceled' and paused_from is not null",
        object,
      ))
    default:
      return false
  }
}

async function exists(em: EntityManager, query: string, object: string): Promise<boolean> {
  return (await em.execute<object[]>(query, [object])).length > 0
}
