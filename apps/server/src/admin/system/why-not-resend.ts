import type { EntityManager } from '@mikro-orm/postgresql'
import { isFactOver } from '../../billing/index.ts'
import { storedContent, type MailDeps } from '../../mail/index.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { NotResendable } from '../system.schemas.ts'
import { mailView, type MailRow } from './list-mails.ts'

/** Templates that may go to an address which is no account's, or no longer. */
const TO_ANY_ADDRESS: ReadonlySet<string> = new Set([
  'invitation',
  'confirm-email',
  'email-change-requested',
  'email-changed',
])

/** Whether the address still belongs to the person who had it then, and not to a later owner. */
async function isTheirAddress(em: EntityManager, row: MailRow): Promise<boolean> {
  const [owner] = await em.execute<{ id: string; is_active: boolean; is_older: boolean }[]>(
    'select id, is_active, created_at <= ? as is_older from users where email = ?',
    [row.created_at, row.recipient],
  )
  const isAnother = owner && row.user_id !== null && owner.id !== row.user_id
  if (TO_ANY_ADDRESS.has(row.template)) return !isAnother
  return owner !== undefined && owner.is_active && !isAnother && (row.user_id !== null || owner.is_older)
}

/** Whether the mail was sent again already, and that mail waits for a worker. */
async function isAgainOnItsWay(em: EntityManager, { recipient, fact }: MailRow): Promise<boolean> {
  const waiting = await em.execute<object[]>(
    `select 1 from mails where recipient = ? and starts_with(fact, ?)
     and sent_at is null and failed_at is null and dropped_at is null limit 1`,
    [recipient, againOf(fact)],
  )
  return waiting.length > 0
}

/** How the facts of mails begin that repeat a mail. */
export const againOf = (fact: string): string => `${fact.slice(0, FACT)}:again:`
/** How much of a fact is kept, so that the addition fits. */
const FACT = 350

/**
 * Decides whether a mail may be sent again. Its link must still work, its address must still be an active account's, and
 * what it says must still be true. A login code is only sent to the person who asks for it.
 *
 * @returns why not; null if it may.
 */
export async function whyNotResend(
  scope: AdminScope & { mail: MailDeps },
  row: MailRow,
): Promise<NotResendable | null> {
  const { em, mail, clock } = scope
  if (mailView(row, mail, clock.now()).state === 'queued') return 'waiting'
  const content = storedContent(row.template, row.props)
  if (!content) return 'content-unknown'

  const { props } = content
  if ('codeFor' in props) return 'code'
  if ('tokenId' in props && (await mail.secrets.linkFor(scope, props.tokenId)) === null) return 'link-used'
  if ('invitationId' in props && (await mail.secrets.invitationFor(scope, props.invitationId)) === null)
    return 'link-used'
  if (!(await isTheirAddress(em, row))) return 'address-gone'
  if (await isAgainOnItsWay(em, row)) return 'waiting'
  return (await isFactOver(em, row.fact)) ? 'fact-over' : null
}
