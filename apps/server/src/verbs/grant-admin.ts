import { EmailAddress, grantAdmin } from '../auth/index.ts'
import type { Config } from '../config.ts'
import { createDeps, openScope } from '../deps.ts'
import { OPERATOR } from '../platform/audit/audit.ts'
import { DomainError } from '../platform/errors/errors.ts'
import { startSender } from '../platform/jobs/job-runner.ts'
import type { Log } from '../platform/log.ts'

/** `grant-admin EMAIL`: makes an account an administrator; one that is stays so. */
export async function makeAdmin(config: Config, log: Log, [address = '']: readonly string[]): Promise<number> {
  const email = EmailAddress.safeParse(address)
  if (!email.success) {
    console.error(`${address}: this is not an e-mail address.`)
    return 1
  }
  const boss = await startSender(config.DATABASE_URL, log)
  const deps = await createDeps(config, log, boss)
  try {
    const { user, isNew } = await grantAdmin(openScope(deps, { verb: 'grant-admin' }), OPERATOR, { email: email.data })
    console.log(`${user.email} is an administrator${isNew ? ' now' : ' already: nothing to do'}.`)
    if (!user.isVerified) console.log('It can act as one once its address is verified: use the link in its mail.')
    if (!user.isActive) console.log('The account is disabled, and stays so until another administrator enables it.')
    return 0
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    console.error(`${email.data}: ${error.message} Sign up with this address first.`)
    return 1
  } finally {
    await boss.stop({ graceful: false })
    await deps.close()
  }
}
