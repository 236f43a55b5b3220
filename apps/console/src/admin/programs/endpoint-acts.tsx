import { useNavigate } from 'react-router'
import { api } from '../../api.ts'
import { ActProblem } from '../kit/act-problem.ts'
import { Act } from '../kit/act.tsx'
import { t } from '../texts/catalogue.ts'
import { EndpointFields, readEndpoint } from './endpoint-fields.tsx'
import type { Endpoint } from './endpoint-words.tsx'

const words = t.programs.endpoints

/** What an operator can do with an endpoint. */
export function EndpointActs({ endpoint }: { endpoint: Endpoint }) {
  const navigate = useNavigate()
  const { id, state } = endpoint
  return (
    <>
      <Act
        open={words.test}
        title={words.testTitle}
        confirm={words.testConfirm}
        done={words.tested}
        consequences={() => words.testEffects}
        run={() => test(id)}
      />
      <Act
        open={words.edit}
        title={words.editTitle}
        confirm={words.editConfirm}
        done={words.edited}
        consequences={() => words.editEffects}
        run={(read) => api.admin.webhooks.endpoints.update.mutate({ id, ...readEndpoint(read) })}
      >
        <EndpointFields endpoint={endpoint} />
      </Act>
      <Act
        open={words.roll}
        title={words.rollTitle}
        confirm={words.rollConfirm}
        done={words.rolled}
        consequences={() => words.rollEffects}
        run={() => api.admin.webhooks.endpoints.rollSecret.mutate({ id })}
        secretOf={({ secret }) => ({
          title: words.secretTitle,
          label: words.secret,
          value: secret,
          note: words.secretNote,
        })}
      />
      {state === 'active' ? (
        <Act
          open={words.switchOff}
          title={words.switchOffTitle}
          tone="bad"
          confirm={words.switchOffConfirm}
          done={words.switchedOff}
          consequences={() => words.switchOffEffects}
          run={() => api.admin.webhooks.endpoints.update.mutate({ id, state: 'off' })}
        />
      ) : (
        <Act
          open={words.switchOn}
          title={words.switchOnTitle}
          confirm={words.switchOnConfirm}
          done={words.switchedOn}
          consequences={() => words.switchOnEffects}
          run={() => api.admin.webhooks.endpoints.update.mutate({ id, state: 'active' })}
        />
      )}
      <Act
        open={words.delete}
        title={words.deleteTitle}
        tone="bad"
        confirm={words.deleteConfirm}
        done={words.deleted}
        consequences={() => words.deleteEffects}
        run={() => api.admin.webhooks.endpoints.delete.mutate({ id })}
        onDone={() => void navigate('/admin/webhooks')}
      />
    </>
  )
}

/** @throws {ActProblem} if the endpoint did not accept the event. */
async function test(id: string): Promise<void> {
  const { ok, error, status, milliseconds } = await api.admin.webhooks.endpoints.test.mutate({ id })
  if (!ok) throw new ActProblem(words.testFailed(error ?? String(status), (milliseconds / 1_000).toFixed(1)))
}
