import { queueMails } from '../../mail/index.ts'
import { runWithin } from '../../platform/database/prepared.ts'
import type { Scope } from '../../platform/scope.ts'
import type { FoundMember } from '../roles/find-member.ts'
import { listRecipients } from '../roles/list-recipients.ts'

interface OwnershipOf extends Pick<FoundMember, 'userId' | 'username'> {
  isOwner: boolean
  /** The username of who did it. */
  changedBy: string
}

/**
 * Mails all owners that a member has become an owner or is no longer one. The mail also goes to the member, if they still
 * are one.
 *
 * @param scope whose `em` is the transaction of the change.
 */
export async function mailOwnershipChange(
  scope: Scope,
  { id: accountId, name: accountName }: { id: string; name: string },
  { userId, username, isOwner, changedBy }: OwnershipOf,
): Promise<void> {
  const { em, clock } = scope
  const at = clock.now().toISOString()
  const recipients = await listRecipients(em, { accountId, roles: ['owner'], also: userId })
  const mails = recipients.map((recipient) => ({
    fact: `ownership-changed:${accountId}:${userId}:${at}:${recipient.id}`,
    to: recipient.email,
    userId: recipient.id,
    template: 'ownership-changed' as const,
    props: {
      ...{ username: recipient.username, accountId, accountName, member: username, isOwner, at },
      ...{ isReader: recipient.id === userId, changedBy },
    },
  }))
  await queueMails(runWithin(em), scope, mails)
}
