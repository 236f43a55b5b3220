import type { EntityManager } from '@mikro-orm/postgresql'

/**
 * Notes whose mails those are that older versions sent to an address, before its owner gives it up. Newer ones say it
 * from the beginning. An invitation may have come before the sign-up.
 */
export async function keepMails(
  em: EntityManager,
  { userId, address, since }: { userId: string; address: string; since: Date },
): Promise<void> {
  await em.execute(
    `update mails set user_id = ? where recipient = ? and user_id is null and (created_at >= ? or template = 'invitation')`,
    [userId, address, since],
  )
}
