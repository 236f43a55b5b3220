import { randomBytes } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { newId } from '../../platform/database/ids.ts'
import { standInAddress } from '../../platform/reserved-domain.ts'
import type { Scope } from '../../platform/scope.ts'
import { Profile } from '../profile.entity.ts'
import type { ProviderAccount } from '../providers/provider.ts'
import { User } from '../user.entity.ts'

const LONGEST_USERNAME = 32
const SHORTEST_USERNAME = 3

/**
 * Opens an account, without a password and with a verified address, for somebody who came with a provider's.
 *
 * A name or a stand-in address that is taken, also by somebody who is just signing up, gives way to the next one: the
 * insert waits for the other transaction and then inserts nothing, where a failed one would end the whole transaction.
 *
 * @param email verified; null for a GitHub account that has none.
 * @returns null when somebody has the verified address by now.
 */
export async function openProviderAccount(
  em: EntityManager,
  { clock }: Pick<Scope, 'clock'>,
  account: ProviderAccount,
  email: string | null,
): Promise<User | null> {
  const id = newId()
  const now = clock.now()
  for (const address of email === null ? standIns(account) : [email]) {
    for (const username of usernames(account, email)) {
      const inserted = await em.execute<unknown[]>(
        `insert into users (id, email, username, username_key, is_verified, is_active, is_admin, provider, created_at, updated_at)
         values (?, ?, ?, ?, true, true, false, ?, ?, ?) on conflict do nothing returning id`,
        [id, address, username, username.toLowerCase(), account.provider, now, now],
      )
      if (inserted.length > 0) return withProfile(em, id, account, now)
      if ((await em.count(User, { email: address })) > 0) break // it is not the name that is taken
    }
  }
  return null
}

async function withProfile(em: EntityManager, id: string, account: ProviderAccount, updatedAt: Date): Promise<User> {
  const user = await em.findOneOrFail(User, { id })
  const { firstName, lastName, avatarUrl } = account
  em.create(Profile, { user, firstName, lastName, avatarUrl, updatedAt })
  await em.flush()
  return user
}

/** A login may pass to somebody else, who then gets the second one. */
function standIns({ login, subject }: ProviderAccount): string[] {
  const name = (login ?? subject).toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')
  return [standInAddress(name), standInAddress(`${name}+${subject}`)]
}

/** What the person is called elsewhere, as far as our names allow it, then with something after it. */
function usernames({ login, firstName, lastName }: ProviderAccount, email: string | null): string[] {
  const wanted = [login, email?.split('@', 1)[0], [firstName, lastName].filter(Boolean).join('.')]
  const base = wanted.map(usernameFrom).find((name) => name.length >= SHORTEST_USERNAME) ?? 'user'
  const numbered = (bytes: number) => {
    const suffix = `-${randomBytes(bytes).toString('hex')}`
    return `${base.slice(0, LONGEST_USERNAME - suffix.length)}${suffix}`
  }
  return [...(base === 'user' ? [] : [base]), numbered(2), numbered(3), numbered(6), numbered(8)]
}

function usernameFrom(text: string | null | undefined): string {
  return (text ?? '')
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9_.-]/g, '')
    .slice(0, LONGEST_USERNAME)
}
