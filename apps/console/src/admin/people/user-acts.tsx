import { api } from '../../api.ts'
import { useUser } from '../../session/use-user.ts'
import { ActProblem } from '../kit/act-problem.ts'
import { Act } from '../kit/act.tsx'
import { t } from '../texts/catalogue.ts'
import { effectsOf, type User } from './user-effects.ts'

/** What an operator can do with a user. Operators don't change their own account here. */
export function UserActs({ user }: { user: User }) {
  const isSelf = useUser()?.id === user.id
  if (isSelf) return null
  return (
    <>
      <Mails user={user} />
      {user.sessions.length > 0 && <EndSessions user={user} />}
      <Verification user={user} />
      <Rights user={user} />
      <Activity user={user} />
    </>
  )
}

const { users } = api.admin
const { acts, effects } = t.people

function Activity({ user }: { user: User }) {
  const { id, email } = user
  return user.isActive ? (
    <Act
      open={acts.disable}
      title={acts.disableTitle(email)}
      tone="bad"
      consequences={() => effectsOf(user, { isActive: false })}
      confirm={acts.disableConfirm}
      run={() => users.update.mutate({ id, isActive: false })}
      done={acts.disabled}
    />
  ) : (
    <Act
      open={acts.enable}
      title={acts.enableTitle(email)}
      consequences={() => effectsOf(user, { isActive: true })}
      confirm={acts.enableConfirm}
      run={() => users.update.mutate({ id, isActive: true })}
      done={acts.enabled}
    />
  )
}

function Rights({ user }: { user: User }) {
  const { id, email } = user
  return user.isAdmin ? (
    <Act
      open={acts.removeAdmin}
      title={acts.removeAdminTitle(email)}
      tone="bad"
      consequences={() => effectsOf(user, { isAdmin: false })}
      confirm={acts.removeAdminConfirm}
      run={() => users.update.mutate({ id, isAdmin: false })}
      done={acts.removedAdmin}
    />
  ) : (
    <Act
      open={acts.makeAdmin}
      title={acts.makeAdminTitle(email)}
      tone="bad"
      consequences={() => effectsOf(user, { isAdmin: true })}
      confirm={acts.makeAdminConfirm}
      run={() => users.update.mutate({ id, isAdmin: true })}
      done={acts.madeAdmin}
    />
  )
}

function Verification({ user }: { user: User }) {
  const { id, email } = user
  return user.isVerified ? (
    <Act
      open={acts.unverify}
      title={acts.unverifyTitle(email)}
      tone="bad"
      consequences={() => effectsOf(user, { isVerified: false })}
      confirm={acts.unverifyConfirm}
      run={() => users.update.mutate({ id, isVerified: false })}
      done={acts.unverified}
    />
  ) : (
    <Act
      open={acts.verify}
      title={acts.verifyTitle(email)}
      consequences={() => effectsOf(user, { isVerified: true })}
      confirm={acts.verifyConfirm}
      run={() => users.update.mutate({ id, isVerified: true })}
      done={acts.verified}
    />
  )
}

function EndSessions({ user: { id, email, sessions } }: { user: User }) {
  return (
    <Act
      open={acts.endSessions}
      title={acts.endSessionsTitle(email)}
      tone="bad"
      consequences={() => [effects.sessions(sessions.length), effects.endSessions]}
      confirm={acts.endSessionsConfirm}
      run={() => users.endSessions.mutate({ id })}
      done={acts.sessionsEnded}
    />
  )
}

/** The mails that a user can ask for, too. A disabled account gets none. */
function Mails({ user: { id, email, isActive, isVerified } }: { user: User }) {
  if (!isActive) return null
  return (
    <>
      {!isVerified && (
        <Act
          open={acts.resendVerification}
          title={acts.resendTitle(email)}
          consequences={() => [effects.resend(email)]}
          confirm={acts.sendConfirm}
          run={() => sent(users.resendVerification.mutate({ id }), acts.notResent)}
          done={acts.mailSent}
        />
      )}
      <Act
        open={acts.sendReset}
        title={acts.sendResetTitle(email)}
        consequences={() => [effects.sendReset(email), effects.resetKeeps]}
        confirm={acts.sendConfirm}
        run={() => sent(users.sendPasswordReset.mutate({ id }), acts.notReset)}
        done={acts.mailSent}
      />
    </>
  )
}

/** @throws {ActProblem} if nothing was sent, with the reason. */
async function sent(sending: Promise<{ sent: boolean }>, why: string): Promise<void> {
  if (!(await sending).sent) throw new ActProblem(why)
}
