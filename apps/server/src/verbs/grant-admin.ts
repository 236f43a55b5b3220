import { EmailAddress, grantAdmin } from '../auth/index.ts'
import type { Config } from '../config.ts'
import { OPERATOR } from '../platform/audit/audit.ts'
import { DomainError } from '../platform/errors/errors.ts'
import type { Log } from '../platform/log.ts'
import { inScope } from './in-scope.ts'

/** `grant-admin EMAIL`: makes an account an administrator. Changes nothing if it already is one. */
export async function makeAdmin(config: Config, log: Log, [address = '']: readonly string[]): Promise<number> {
  const email = EmailAddress.safeParse(address)
  if (!email.success) {
    console.error(`${address}: not an email address.`)
    return 1
  }
  try {
    const { user, isNew } = await inScope({ config, log, verb: 'grant-admin' }, (scope) =>
      grantAdmin(scope, OPERATOR, { email: email.data }),
    )
    console.log(isNew ? `${user.email} is now an administrator.` : `${user.email} is already an administrator.`)
    if (!user.isVerified) console.log('They can act as one once they verify their address: the link is in their mail.')
    if (!user.isActive) console.log('The account is disabled until another administrator enables it.')
    return 0
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    console.error(`${email.data}: ${error.message} Sign up with this address first.`)
    return 1
  }
}
