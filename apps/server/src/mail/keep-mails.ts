import type { EntityManager } from '@mikro-orm/postgresql'

/**
 * Assigns the mails that older versions sent to an address to its owner. To be called before the owner changes the
 * address. Newer mails name their user from the start. An invitation may be older than the sign-up.
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
