import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { Link, useParams } from 'react-router'
import { api, trpc } from '../../api.ts'
import { Fact } from '../../parts/fact.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { Act } from '../kit/act.tsx'
import { DetailPage, Section } from '../kit/detail.tsx'
import { t } from '../texts/catalogue.ts'
import { MailPreview } from './mail-preview.tsx'
import { MailState } from './mails-page.tsx'

type Mail = RouterOutputs['admin']['mails']['get']
const words = t.system.mails
const BACK = { to: '/admin/mails', label: words.title }

/** One mail: what became of it, and how its recipient sees it. */
export function MailPage() {
  const { id = '' } = useParams()
  const mail = useQuery(trpc.admin.mails.get.queryOptions({ id }))
  if (!mail.data)
    return (
      <DetailPage title={words.title} back={BACK}>
        {mail.isError ? (
          <LoadFailure error={mail.error} retry={() => void mail.refetch()} />
        ) : (
          <Skeleton lines={8} className="system-detail-skeleton" />
        )}
      </DetailPage>
    )
  const { subject, state, notResendable, lastError, preview } = mail.data
  return (
    <DetailPage
      title={subject ?? words.unknownSubject}
      back={BACK}
      badges={<MailState state={state} />}
      acts={
        notResendable === null ? (
          <Resend mail={mail.data} />
        ) : (
          <p className="quiet">{words.notResendable[notResendable]}</p>
        )
      }
    >
      {lastError && state !== 'sent' && <Notice tone="bad">{`${words.error}: ${lastError}`}</Notice>}
      <div className="detail detail-columns">
        <Section title={words.preview} aside={<span className="quiet">{words.previewNote}</span>}>
          {preview ? <MailPreview {...preview} /> : <p className="empty">{words.noPreview}</p>}
        </Section>
        <Facts mail={mail.data} />
      </div>
    </DetailPage>
  )
}

const Resend = ({ mail: { id, email } }: { mail: Mail }) => (
  <Act
    open={words.resend}
    title={words.resendTitle}
    consequences={() => words.resendEffects(email)}
    confirm={words.resendConfirm}
    run={() => api.admin.mails.resend.mutate({ id })}
    done={words.resent}
  />
)

function Facts({ mail }: { mail: Mail }) {
  return (
    <dl className="facts side-facts">
      <Fact
        term={words.to}
        value={mail.userId ? <Link to={`/admin/people/${mail.userId}`}>{mail.email}</Link> : mail.email}
      />
      <Fact term={words.template} value={<code>{mail.template}</code>} />
      <Fact term={words.queuedAt} value={<Moment at={mail.createdAt} />} />
      {mail.sentAt && <Fact term={words.sentAt} value={<Moment at={mail.sentAt} />} />}
      <Fact term={words.fact} value={<code className="system-fact">{mail.fact}</code>} />
    </dl>
  )
}
