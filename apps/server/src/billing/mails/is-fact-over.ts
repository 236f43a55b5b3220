import type { EntityManager } from '@mikro-orm/postgresql'

/**
 * Whether a mail about billing would no longer be true: its invoice was paid since, or its subscription goes on, was
 * resumed, or has ended. A mail about something that has happened stays true.
 *
 * @param fact what the mail is about: `template:object:occurrence`.
 */
export async function isFactOver(em: EntityManager, fact: string): Promise<boolean> {
  const [template = '', object = ''] = fact.split(':')
  switch (template) {
    case 'payment-failed':
    case 'payment-action-required':
      return !(await exists(
        em,
        "select 1 from payments where provider_invoice_id = ? and status in ('pending', 'requires_action', 'failed')",
        object,
      ))
    case 'trial-ending':
      return !(await exists(em, "select 1 from subscriptions where id = ? and status = 'trialing'", object))
    case 'subscription-will-cancel':
      return !(await exists(
        em,
        "select 1 from subscriptions where id = ? and status <> 'canceled' and (cancel_at_period_end or cancel_at is not null)",
        object,
      ))
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
